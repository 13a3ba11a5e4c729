export type GatewayErrorCode = 'config' | 'spool';

/** The gateway's only error class: `code` says which part, `cause` what lay beneath. */
export class GatewayError extends Error {
	override readonly name = 'GatewayError';
	readonly code: GatewayErrorCode;

	constructor(code: GatewayErrorCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.code = code;
	}
}
