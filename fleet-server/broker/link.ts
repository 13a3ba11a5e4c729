/** The server's side of an MQTT broker, embedded or external. */
import type { VehicleId } from '@junkai/contracts';

export interface BrokerMessage {
	topic: string;
	payload: Uint8Array;
	/** The broker had kept it: it says how things stand, not that the van spoke just now. */
	retained: boolean;
}

/**
 * Takes a message. The promise settles when the message is durable or will never be; a broker that knows delivery
 * receipts gives its own only then. A rejected promise means: not taken, the van has to send it again.
 */
export type BrokerSink = (message: BrokerMessage) => Promise<void>;

export interface BrokerLink {
	readonly kind: 'embedded' | 'external';
	/** Null while messages can come and go; else why not. */
	trouble(): string | null;
	/** Sends to a van; settles when the broker has it. One that is retained is given to a van whenever it comes back. */
	publish(topic: string, payload: string | Buffer, qos: 0 | 1, retain?: boolean): Promise<void>;
	/** Vans connected to the embedded broker; null where an external one does not tell. */
	connected(): VehicleId[] | null;
	stop(): Promise<void>;
}
