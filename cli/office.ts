/** The fleet server as simulated crews meet it: its API with the demonstration's crew signed in. */
import { closedRoads, publishedPlan, serviceClock, vehicleEstimate } from '@junkai/contracts';
import type { Office } from '@junkai/sim';
import { DemoApi, RefusedError } from './demo-api.ts';

/** Signs in. @throws {CliError} when the server refuses or the demonstration has no crew */
export async function officeOf(server: string, dataDir: string): Promise<Office> {
	const api = await DemoApi.signIn(server, dataDir, 'crew');
	return {
		clock: () => api.get('/clock', serviceClock),
		plan: () => api.get('/plans/current', publishedPlan.nullable()),
		closed: async () => (await api.get('/closed-roads', closedRoads)).lines.map(({ edge }) => edge),
		report: async (vehicle, report) => {
			try {
				await api.send('POST', `/vehicles/${vehicle}/reports`, report, vehicleEstimate);
				return null;
			} catch (error) {
				if (error instanceof RefusedError) return error.message;
				throw error;
			}
		},
	};
}
