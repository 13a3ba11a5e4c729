import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import type { Plugin } from 'vite';

const worth = /\.(?:js|mjs|css|html|json|svg|txt)$/;

/** Writes `.br` and `.gz` beside each text file of the build, for servers that can hand them out as they are. */
export function precompress(): Plugin {
	let folder = 'dist';
	let failed = false;
	return {
		name: 'precompress',
		apply: 'build',
		configResolved(config) {
			folder = resolve(config.root, config.build.outDir);
		},
		buildEnd(error) {
			failed = error !== undefined;
		},
		async closeBundle() {
			// A build that failed has its own words, and no files.
			if (failed) return;
			for (const name of await readdir(folder, { recursive: true })) {
				const file = join(folder, name);
				if (!worth.test(name) || (await stat(file)).size < 1024) continue;
				const brotli = createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 10 } });
				await pipeline(createReadStream(file), brotli, createWriteStream(`${file}.br`));
				await pipeline(createReadStream(file), createGzip({ level: 9 }), createWriteStream(`${file}.gz`));
			}
		},
	};
}
