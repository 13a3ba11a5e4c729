/** The one error of this package. Drivers themselves never throw. */
export class FirmwareBridgeError extends Error {
	readonly code: 'unknown-driver';

	constructor(code: 'unknown-driver', message: string, options?: ErrorOptions) {
		super(message, options);
		this.name = 'FirmwareBridgeError';
		this.code = code;
	}
}
