export type SimErrorCode = 'pty' | 'emulator-host' | 'no-route' | 'config' | 'replay' | 'radio';

/** What the simulator could not do. `code` says which part of it, `cause` is what was behind it. */
export class SimError extends Error {
	readonly code: SimErrorCode;

	constructor(code: SimErrorCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.name = 'SimError';
		this.code = code;
	}
}
