/** A plan while it is made: how it improves, what is left, and a way to be content with it. */
import { useState } from 'react';
import type { PlanBoard, PlanningProgress } from '@junkai/contracts';
import { planningApi } from '../../../shared/api/planning.ts';
import { formatCount, formatDuration } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';

const steps = ['queued', 'reading', 'roads', 'searching', 'drawing'] as const;

export function ProgressPanel({ board }: { board: PlanBoard }) {
	const { t, language } = useTexts();
	const [stopping, setStopping] = useState(false);
	const { progress } = board;
	const best = progress.curve.at(-1);
	const left = Math.max(0, progress.seconds - progress.elapsed);
	const stop = async () => {
		setStopping(true);
		await planningApi.stop(board.id).catch(() => setStopping(false));
	};
	return (
		<section className="progress" aria-label={t('planning.progress.title')} data-testid="progress">
			<header>
				<h2>{t('planning.progress.title')}</h2>
				<ol className="progress-steps">
					{steps.map((step) => (
						<li key={step} aria-current={progress.state === step ? 'step' : undefined}>
							{t(`planning.state.${step}`)}
						</li>
					))}
				</ol>
			</header>
			<dl className="figures">
				<div>
					<dt>{t('planning.progress.best')}</dt>
					<dd data-testid="best-cost">{best === undefined ? '–' : formatCount(Math.round(best.cost))}</dd>
				</div>
				<div>
					<dt>{t('planning.progress.unassigned')}</dt>
					<dd className={best !== undefined && best.unassigned > 0 ? 'some-unassigned' : ''}>
						{best === undefined ? '–' : formatCount(best.unassigned)}
					</dd>
				</div>
				<div>
					<dt>{t('planning.progress.left')}</dt>
					<dd>{progress.state === 'searching' ? formatDuration(Math.ceil(left) * 1000, language) : '–'}</dd>
				</div>
			</dl>
			<Curve progress={progress} />
			<p className="quiet">{t('planning.progress.elsewhere')}</p>
			<button type="button" className="primary" disabled={stopping} onClick={() => void stop()}>
				{t(stopping ? 'planning.progress.stopping' : 'planning.progress.stop')}
			</button>
		</section>
	);
}

const box = { width: 720, height: 180, left: 8, right: 8, top: 14, bottom: 22 };

/** Cost as a line, unassigned visits as steps; each on a scale of its own, from the least to the most that was seen. */
function Curve({ progress: { curve, elapsed, seconds } }: { progress: PlanningProgress }) {
	const { t, language } = useTexts();
	const last = curve.at(-1);
	if (last === undefined) return <p className="curve-empty quiet">{t('planning.progress.waiting')}</p>;
	const end = Math.max(seconds, elapsed, last.elapsed, 1);
	const x = (s: number) => box.left + (s / end) * (box.width - box.left - box.right);
	const scale = (values: readonly number[]) => {
		const least = Math.min(...values);
		const most = Math.max(...values);
		return (value: number) =>
			box.top + (most === least ? 1 : (most - value) / (most - least)) * (box.height - box.top - box.bottom);
	};
	const yCost = scale(curve.map(({ cost }) => cost));
	const yLeft = scale([0, ...curve.map(({ unassigned }) => unassigned)]);
	const now = Math.max(elapsed, last.elapsed);
	const stairs = (y: (index: number) => number) =>
		curve
			.map(
				(point, at) =>
					`${at === 0 ? 'M' : `V${y(at).toFixed(1)}M`}${x(point.elapsed).toFixed(1)} ${y(at).toFixed(1)}H${x(curve[at + 1]?.elapsed ?? now).toFixed(1)}`,
			)
			.join('');
	return (
		<figure className="curve">
			<svg
				viewBox={`0 0 ${box.width} ${box.height}`}
				role="img"
				aria-label={t('planning.progress.chartText', {
					elapsed: formatDuration(now * 1000, language),
					cost: formatCount(Math.round(last.cost)),
					count: last.unassigned,
				})}
			>
				<line
					className="curve-base"
					x1={box.left}
					x2={box.width - box.right}
					y1={box.height - box.bottom}
					y2={box.height - box.bottom}
				/>
				<line className="curve-now" x1={x(now)} x2={x(now)} y1={box.top} y2={box.height - box.bottom} />
				<path className="curve-unassigned" d={stairs((at) => yLeft(curve[at]!.unassigned))} />
				<path className="curve-cost" d={stairs((at) => yCost(curve[at]!.cost))} />
				<text x={box.left} y={box.height - 6}>
					0
				</text>
				<text x={box.width - box.right} y={box.height - 6} textAnchor="end">
					{formatDuration(end * 1000, language)}
				</text>
			</svg>
			<figcaption>
				<span className="curve-key-cost">{t('planning.progress.cost')}</span>
				<span className="curve-key-unassigned">{t('planning.progress.unassigned')}</span>
			</figcaption>
		</figure>
	);
}
