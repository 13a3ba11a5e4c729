import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from './build/compress.ts';
import { prepare } from './build/prepare.ts';
import { en } from './shared/i18n/en.ts';
import { ja } from './shared/i18n/ja.ts';

const here = import.meta.dirname;
/** Where `vite dev` finds a running server. */
const server = process.env['JUNKAI_DEV_SERVER'] ?? 'http://127.0.0.1:8080';

export default defineConfig(async () => {
	const { signIn, inspector: i, tile, trace: t, desk, app, dispatch } = ja;
	const strong = [
		[app.name, signIn.title, signIn.submit, signIn.username, signIn.password, desk, tile, dispatch.vans],
		[t.ecg, t.pleth, t.respiration, t.linkLost, t.serverLost, i.position, i.devices, i.spool, i.events],
		[dispatch.attention['link-lost'], dispatch.attention.silent],
	];
	await prepare(join(here, '.generated'), JSON.stringify([ja, en]), JSON.stringify(strong));
	return {
		root: here,
		base: '/',
		plugins: [react(), precompress()],
		worker: { format: 'es' as const },
		build: {
			outDir: 'dist',
			emptyOutDir: true,
			target: 'es2023',
			assetsInlineLimit: 0,
			sourcemap: false,
			chunkSizeWarningLimit: 1200,
		},
		server: { proxy: { '/api': { target: server, ws: true } } },
	};
});
