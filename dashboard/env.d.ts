/// <reference types="vite/client" />

/** Cuts a font down to the characters of a text; the package brings no types. */
declare module 'subset-font' {
	export default function subsetFont(font: Buffer, text: string, options: { targetFormat: 'woff2' }): Promise<Buffer>;
}
