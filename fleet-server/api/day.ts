/** What the operations of the day do. */
import type { PlanDraft, PublishedPlan } from '@junkai/contracts';
import type { Publications } from '../day/publications.ts';

/** Publishes a draft for the days that it touches; answers with the plan of the first of them. */
export function publishedDraft(plans: Publications, draft: PlanDraft, by: string): PublishedPlan {
	const [date] = plans.publishDraft(draft, by).days;
	return plans.planOf(date!)!;
}
