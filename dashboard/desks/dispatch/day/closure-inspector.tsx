/** One closure: what, since when, by whom; it is lifted here. */
import { useState } from 'react';
import type { RoadClosure } from '@junkai/contracts';
import { dayApi } from '../../../shared/api/day.ts';
import { formatDateTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useDirectory } from './day-context.tsx';
import { showOnMap } from './map-focus.ts';
import { Fact, PanelHead } from './panel.tsx';

interface Props {
	id: number;
	/** Service time. */
	now: number;
	onClose: () => void;
}

/** Where a closure is, from what it closes. */
export function pointsOf(
	closure: RoadClosure,
	lines: readonly { by: readonly string[]; coordinates: readonly (readonly [number, number])[] }[],
) {
	if (closure.shape.kind === 'polygon') return closure.shape.ring;
	return lines.filter(({ by }) => by.includes(closure.name)).flatMap(({ coordinates }) => coordinates);
}

export function ClosureInspector({ id, now, onClose }: Props) {
	const { t, language } = useTexts();
	const { closures, closed } = useDirectory();
	const closure = closures?.find((one) => one.id === id);
	if (closure === undefined) {
		return (
			<section className="inspector" aria-label={t('day.closure.title')}>
				<PanelHead title={t('day.closure.title')} onClose={onClose} />
				<p className="quiet">{t(closures === null ? 'app.loading' : 'day.closure.gone')}</p>
			</section>
		);
	}
	const points = pointsOf(closure, closed?.lines ?? []);
	const edges = closed?.lines.filter(({ by }) => by.includes(closure.name)) ?? [];
	const roads = [...new Set(edges.map(({ name, ref }) => [ref, name].filter(Boolean).join(' ')))].filter((name) => name !== '');
	const over = closure.until !== null && closure.until <= now;
	return (
		<section className="inspector" aria-label={closure.name} data-testid="closure-inspector">
			<PanelHead
				title={closure.name}
				mark={over ? 'off' : 'bad'}
				onShow={points.length === 0 ? undefined : () => showOnMap({ kind: 'points', points })}
				onClose={onClose}
			>
				<p>{t(over ? 'day.closure.over' : closure.from > now ? 'day.closure.later' : 'day.closure.holds')}</p>
			</PanelHead>
			<dl>
				<Fact name={t('day.closure.from')}>{formatDateTime(closure.from, language)}</Fact>
				<Fact name={t('day.closure.until')}>
					{closure.until === null ? t('day.closure.open') : formatDateTime(closure.until, language)}
				</Fact>
				<Fact name={t('day.closure.how')}>{shapeWords(t, closure)}</Fact>
				{closure.reason !== '' && <Fact name={t('day.closure.reason')}>{closure.reason}</Fact>}
				<Fact name={t('day.closure.roads')}>
					{roads.length === 0 ? t('day.closure.noRoads') : roads.slice(0, 12).join('、')}
					{roads.length > 12 && <small>{t('day.closure.more', { count: roads.length - 12 })}</small>}
				</Fact>
				<Fact name={t('day.closure.by')}>
					{closure.updatedBy} <small>{formatDateTime(closure.updated, language)}</small>
				</Fact>
			</dl>
			{!over && <Lift closure={closure} now={now} />}
		</section>
	);
}

function shapeWords(t: ReturnType<typeof useTexts>['t'], { shape, source }: RoadClosure): string {
	if (source === 'feed') return t('day.closure.shape.feed');
	if (shape.kind === 'rain') {
		const parts = [
			shape.mm === null ? '' : t('day.closure.shape.mm', { mm: shape.mm }),
			shape.hourMm === null ? '' : t('day.closure.shape.hourMm', { mm: shape.hourMm }),
		];
		return parts.filter((part) => part !== '').join('・');
	}
	const count = shape.kind === 'edges' ? shape.edges.length : shape.kind === 'rules' ? shape.rules.length : shape.ring.length;
	return t(`day.closure.shape.${shape.kind}`, { count });
}

/** Asks once: vans may be sent there again. */
function Lift({ closure, now }: { closure: RoadClosure; now: number }) {
	const { t } = useTexts();
	const [state, setState] = useState<'idle' | 'asking' | 'sending' | 'failed'>('idle');
	const lift = async () => {
		setState('sending');
		try {
			await dayApi.liftClosure(closure.id, now);
			setState('idle');
		} catch {
			setState('failed');
		}
	};
	return (
		<div className="panel-actions">
			{state === 'idle' && (
				<button type="button" onClick={() => setState('asking')}>
					{t('day.closure.lift')}
				</button>
			)}
			{state !== 'idle' && (
				<>
					<p>{t('day.closure.liftSure')}</p>
					<button type="button" className="strong" disabled={state === 'sending'} onClick={() => void lift()}>
						{t('day.closure.liftNow')}
					</button>
					<button type="button" onClick={() => setState('idle')}>
						{t('day.cancel')}
					</button>
				</>
			)}
			{state === 'failed' && (
				<p className="trouble" role="alert">
					{t('day.closure.liftFailed')}
				</p>
			)}
		</div>
	);
}
