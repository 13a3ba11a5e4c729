/** The fleet server: broker, ingest, telemetry, API and live channel. */
export { provision, provisionDemo, DEMO_USERS_FILE, DEMO_VANS_FILE, type UserSecret, type VanSecret } from './access/provision.ts';
export { optionNames, optionsFromEnv, parseOptions, serverOptions, type ServerOptions, type ServerOptionsInput } from './config.ts';
export { FleetServerError, type FleetServerErrorCode } from './errors.ts';
export { seedDemo, type DemoCounts, type DemoOptions } from './registry/demo/seed.ts';
export { startServer, type RunningServer } from './server.ts';
