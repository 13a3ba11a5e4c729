import { defineConfig } from 'vitest/config';

const common = { pool: 'forks' as const, testTimeout: 20_000, hookTimeout: 60_000 };

export default defineConfig({
	test: {
		projects: [
			{
				test: {
					...common,
					name: 'unit',
					include: ['{contracts,regions,firmware-bridge,gateway,fleet-server,dashboard,sim,cli,scripts}/**/*.test.ts'],
					exclude: ['**/node_modules/**', '**/dist/**'],
				},
			},
			{
				test: {
					...common,
					name: 'system',
					include: ['test/**/*.test.ts'],
					// Whole systems with browsers and databases: two cores hold one of them at a time.
					fileParallelism: false,
					testTimeout: 240_000,
					hookTimeout: 240_000,
				},
			},
		],
	},
});
