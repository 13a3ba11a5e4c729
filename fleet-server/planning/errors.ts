import { FleetServerError } from '../errors.ts';

/** A plan cannot be made, changed or published as asked. `status` is that of the HTTP answer. */
export class PlanningError extends FleetServerError {
	readonly status: 404 | 409 | 422 | 503;

	constructor(status: PlanningError['status'], message: string, options?: ErrorOptions) {
		super('planning', message, options);
		this.status = status;
	}
}
