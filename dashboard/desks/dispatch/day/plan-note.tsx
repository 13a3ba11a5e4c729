/** What plan holds, and which visits found no place in it. */
import type { PublishedPlan } from '@junkai/contracts';
import { formatMoment } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import './route.css';

export function PlanNote({ plan, now }: { plan: PublishedPlan | null | undefined; now: number }) {
	const { t, language } = useTexts();
	if (plan === undefined) return null;
	if (plan === null) return <p className="plan-note quiet">{t('plan.none')}</p>;
	const { unassigned, revision, published } = plan;
	const head = t('plan.published', { revision, time: formatMoment(published, now, language) });
	if (unassigned.length === 0) {
		return (
			<p className="plan-note">
				{head} <small>{t('plan.allAssigned')}</small>
			</p>
		);
	}
	return (
		<details className="plan-note" data-testid="unassigned">
			<summary>
				{head} <b>{t('plan.unassigned', { count: unassigned.length })}</b>
			</summary>
			<ul>
				{unassigned.map((visit) => (
					<li key={visit.visit}>
						<span className="unassigned-mark" aria-hidden="true" />
						<div>
							{visit.name[language]}
							{visit.municipality !== null && <small>{visit.municipality[language]}</small>}
							<p>
								{t(`plan.need.${visit.need}`)} · {t(`plan.rule.${visit.rule ?? 'unknown'}`)}
							</p>
						</div>
					</li>
				))}
			</ul>
		</details>
	);
}
