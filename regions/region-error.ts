export type RegionErrorCode = 'unknown-region' | 'unreadable' | 'not-yaml' | 'schema' | 'inconsistent';

/** What is wrong with a region's files. The message names the file, the place in it and what was expected. */
export class RegionError extends Error {
	readonly code: RegionErrorCode;

	constructor(code: RegionErrorCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.name = 'RegionError';
		this.code = code;
	}
}
