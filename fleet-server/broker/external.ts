import type { Logger } from 'pino';
import { FleetServerError } from '../errors.ts';
import type { BrokerLink, BrokerSink } from './link.ts';

export function externalBroker(_options: { url: string; dataDir: string; sink: BrokerSink; log: Logger }): BrokerLink {
	throw new FleetServerError('config', 'an external broker is not supported yet');
}
