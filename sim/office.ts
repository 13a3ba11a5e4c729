/** The fleet server as crews and drivers know it, beside what a van hears by MQTT: the clock, the morning's orders, road signs, reports. */
import type { CrewReport, PublishedPlan, ServiceClock } from '@junkai/contracts';

export interface Office {
	clock(): Promise<ServiceClock>;
	/** The plan that holds when the day begins, as crews get it before they leave; null when there is none. */
	plan(): Promise<Pick<PublishedPlan, 'revision' | 'routes'> | null>;
	/** Edges of the region's roads that are closed now: in the world as it is simulated, barriers stand there. */
	closed(): Promise<readonly string[]>;
	/** What a crew tells. Resolves with why it was refused, null when it was taken; rejects when it should be told again. */
	report(vehicle: string, report: CrewReport): Promise<string | null>;
}
