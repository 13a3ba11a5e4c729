/** How far care reaches: who is cut off, who is within reach of a stop, who was visited and who was not. */
import { lazy, Suspense, useMemo, useState, useSyncExternalStore } from 'react';
import { setQueryPart, useQueryPart } from '../../../app/router.tsx';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useRegion } from '../../../shared/map/use-region.ts';
import { currentScheme, onSchemeChange } from '../../../shared/ui/theme.ts';
import { noPicture } from './area-layers.ts';
import FairnessPanel from './fairness-panel.tsx';
import IsolationPanel, { type Shown } from './isolation-panel.tsx';
import { Key } from './key.tsx';
import { municipalityNames } from './panel-parts.tsx';
import ReachPanel from './reach-panel.tsx';
import './coverage.css';

const AreaMap = lazy(() => import('./area-map.tsx'));

const views = ['isolation', 'reach', 'fairness'] as const;
export type View = (typeof views)[number];

const nothing: Shown = { picture: noPicture, closed: [], vans: [] };

export default function CoveragePage() {
	const { t } = useTexts();
	const asked = useQueryPart('view');
	const view: View = views.find((one) => one === asked) ?? 'isolation';
	const { region } = useRegion();
	const scheme = useSyncExternalStore(onSchemeChange, currentScheme);
	const names = useMemo(() => municipalityNames(region), [region]);
	const [shown, setShown] = useState<Shown>(nothing);
	const [chosen, setChosen] = useState<string | null>(null);
	const look = (next: View) => {
		setShown(nothing);
		setChosen(null);
		setQueryPart('view', next === 'isolation' ? null : next);
	};
	return (
		<main className="reach-page">
			<div className="reach-panel" tabIndex={-1}>
				<h1>{t('coverage.title')}</h1>
				<div className="reach-views" role="group" aria-label={t('coverage.views.label')}>
					{views.map((one) => (
						<button key={one} type="button" aria-pressed={one === view} onClick={() => look(one)}>
							{t(`coverage.views.${one}`)}
						</button>
					))}
				</div>
				{view === 'isolation' && <IsolationPanel names={names} chosen={chosen} onChoose={setChosen} onShown={setShown} />}
				{view === 'reach' && <ReachPanel onShown={setShown} />}
				{view === 'fairness' && <FairnessPanel onShown={setShown} />}
			</div>
			<div className="reach-map-area">
				<Suspense fallback={<p className="reach-message">{t('map.loading')}</p>}>
					<AreaMap
						region={region}
						scheme={scheme}
						picture={shown.picture}
						closed={shown.closed}
						vans={shown.vans}
						chosen={chosen}
						onChoose={setChosen}
					/>
				</Suspense>
				<Key view={view} />
			</div>
		</main>
	);
}
