/** What every operation of the REST API is described by, who may call it, and how it says that something is wrong. */
import { z } from 'zod';

export const roles = ['dispatcher', 'crew', 'doctor', 'admin'] as const;
export const role = z.enum(roles).meta({ id: 'Role' });
export type Role = z.infer<typeof role>;

/** RFC 9457 problem details; `errors` names each faulty field. */
export const problem = z
	.object({
		type: z.string(),
		title: z.string(),
		status: z.int().min(400).max(599),
		detail: z.string().optional(),
		instance: z.string().optional(),
		errors: z
			.array(z.object({ field: z.string(), message: z.string() }))
			.optional()
			.meta({ description: 'One entry for each field that breaks the schema.' }),
		current: z
			.unknown()
			.optional()
			.meta({ description: 'With 409 about a record that people keep: what it is now, as its operation would give it.' }),
	})
	.meta({ id: 'Problem', description: 'RFC 9457 problem details.' });
export type Problem = z.infer<typeof problem>;

export interface Operation {
	readonly method: 'get' | 'post' | 'put' | 'delete';
	/** Path below `/api/v1`, with `{name}` for parameters. */
	readonly path: string;
	readonly id: string;
	readonly summary: string;
	/** Roles that may call it; `public` needs no session. */
	readonly roles: readonly Role[] | 'public';
	readonly params?: z.ZodObject;
	readonly query?: z.ZodObject;
	readonly body?: z.ZodType;
	/** Longest body, bytes; 64 KiB when absent. */
	readonly bodyLimit?: number;
	/** The body may be large: its size and content are checked apart from the server's main thread. */
	readonly largeBody?: true;
	/** Problems beyond those that follow from roles, parameters and body. */
	readonly problems?: readonly (409 | 413 | 422 | 503)[];
	readonly responses: Readonly<Record<number, { description: string; schema?: z.ZodType }>>;
}
