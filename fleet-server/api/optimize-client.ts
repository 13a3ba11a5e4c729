/** What tests ask of a server's planner. */
import { optimizeJob, optimizeJobList, problem, type OptimizeJob, type Problem, type Role } from '@junkai/contracts';
import type { TestServer } from '../test-support.ts';

export type Body = string | Uint8Array | object;

export function plannerClient(server: () => TestServer) {
	const read = async (path: string, init?: RequestInit) =>
		(await server().request('dispatcher', `/api/v1/optimize${path}`, init)).json();
	return {
		post: (body: Body, query = 'seconds=0.3', init: RequestInit = {}, role: Role = 'dispatcher'): Promise<Response> =>
			server().request(role, `/api/v1/optimize?${query}`, {
				method: 'POST',
				...init,
				headers: { 'content-type': 'application/json', ...(init.headers as Record<string, string> | undefined) },
				body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
			}),
		job: async (id: string): Promise<OptimizeJob> => optimizeJob.parse(await read(`/${id}`)),
		jobs: async (): Promise<OptimizeJob[]> => optimizeJobList.parse(await read('')),
		cancel: async (id: string): Promise<OptimizeJob> => optimizeJob.parse(await read(`/${id}`, { method: 'DELETE' })),
	};
}

/** The problem document of a response that is one. */
export async function problemOf(response: Response): Promise<Problem> {
	const type = response.headers.get('content-type') ?? 'none';
	if (!type.includes('application/problem+json')) throw new Error(`${response.status} of type ${type} is no problem document`);
	const document = problem.parse(await response.json());
	if (document.status !== response.status) throw new Error(`a document of ${document.status} came with ${response.status}`);
	return document;
}
