/** The van's gateway: reads serial devices, keeps what they say safe, and brings it to the fleet server. */
export { loadConfig, parseConfig, type GatewayConfig, type PortConfig } from './config.ts';
export { GatewayError, type GatewayErrorCode } from './errors.ts';
export { Gateway, version, type GatewayEvents } from './gateway.ts';
