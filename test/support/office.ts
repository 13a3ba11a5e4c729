/** The fleet server as the crews of a simulation in the test's own process meet it. */
import { closedRoads, publishedPlan, serviceClock } from '@junkai/contracts';
import type { Office } from '@junkai/sim';
import { Api, demoUser } from './api.ts';

export async function officeOf(httpPort: number, dataDir: string): Promise<Office> {
	const api = await Api.signIn(httpPort, demoUser(dataDir, 'crew'));
	return {
		clock: async () => serviceClock.parse(await api.get('/clock')),
		plan: async () => publishedPlan.nullable().parse(await api.get('/plans/current')),
		closed: async () => closedRoads.parse(await api.get('/closed-roads')).lines.map(({ edge }) => edge),
		report: async (vehicle, report) => {
			try {
				await api.send('POST', `/vehicles/${vehicle}/reports`, report);
				return null;
			} catch (error) {
				if (error instanceof Error && /: 4\d\d /.test(error.message)) return error.message;
				throw error;
			}
		},
	};
}
