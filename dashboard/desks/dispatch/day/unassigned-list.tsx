/** Visits that found no van today, each with the rule that keeps it out. */
import { useEffect, useState } from 'react';
import { setQueryPart, useQueryPart } from '../../../app/router.tsx';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useDay } from './day-context.tsx';
import { select, useSelection } from './selection.ts';
import { useNames } from './use-names.ts';

export function UnassignedList() {
	const { t, language } = useTexts();
	const { plan } = useDay();
	const names = useNames();
	const selection = useSelection();
	const wanted = useQueryPart('list') === 'unassigned';
	const [open, setOpen] = useState(false);
	useEffect(() => {
		if (!wanted) return;
		setOpen(true);
		setQueryPart('list', null);
	}, [wanted]);
	if (plan === null || plan.unassigned.length === 0) return null;
	return (
		<details className="unassigned" data-testid="unassigned" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
			<summary>
				<span className="unassigned-mark" aria-hidden="true" />
				{t('plan.unassigned', { count: plan.unassigned.length })}
			</summary>
			{open && (
				<ul>
					{plan.unassigned.map((visit) => (
						<li key={visit.visit}>
							<button
								type="button"
								aria-current={selection?.kind === 'visit' && selection.id === visit.visit}
								onClick={() => select({ kind: 'visit', id: visit.visit })}
							>
								<b>{names.visit(visit.visit)}</b>
								<small>
									{visit.name[language]} · {t(`plan.need.${visit.need}`)}
								</small>
								<small>{t(`plan.rule.${visit.rule ?? 'unknown'}`)}</small>
							</button>
						</li>
					))}
				</ul>
			)}
		</details>
	);
}
