/** Visits that no van makes: each can be taken into a lane, and any visit can be put here. */
import type { Speech } from './words.ts';
import { visitLabel } from './words.ts';

interface Props {
	speech: Speech;
	selected: number | null;
	held: number | null;
	/** The hand is over it. */
	aimed: boolean;
	canMove: boolean;
}

export function Tray({ speech, selected, held, aimed, canMove }: Props) {
	const { t, language, data } = speech;
	const { unassigned } = data;
	if (unassigned.length === 0 && !canMove) return null;
	return (
		<section className={`tl-tray${aimed ? ' tl-tray-aimed' : ''}`} data-tray aria-label={t('timeline.tray')}>
			<h3>
				{t('timeline.tray')} <b>{t('timeline.visits', { count: unassigned.length })}</b>
			</h3>
			{unassigned.length === 0 ? (
				<p className="quiet">{t('timeline.trayEmpty')}</p>
			) : (
				<ul>
					{unassigned.map((visit) => (
						<li key={visit.visit}>
							<button
								type="button"
								className={held === visit.visit ? 'tl-pale' : ''}
								aria-pressed={selected === visit.visit}
								data-visit={visit.visit}
								data-take={visit.visit}
								data-chosen={selected === visit.visit}
							>
								{visitLabel(visit, speech)}
								<small>
									{visit.municipality?.[language] ?? visit.place[language]} · {t(`plan.need.${visit.need}`)}
								</small>
							</button>
						</li>
					))}
				</ul>
			)}
		</section>
	);
}
