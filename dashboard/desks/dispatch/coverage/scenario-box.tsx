/** A day of rain that is played in a demonstration: what falls by the hour, and where it stands. */
import { useCallback, useEffect, useId, useState } from 'react';
import type { RainScenario } from '@junkai/contracts';
import { coverageApi } from '../../../shared/api/coverage.ts';
import { ApiError } from '../../../shared/api/rest.ts';
import { useTexts } from '../../../shared/i18n/index.ts';

const AGAIN_MS = 2000;
const HEIGHT = 44;

export function ScenarioBox() {
	const { t, language } = useTexts();
	const id = useId();
	const [scenarios, setScenarios] = useState<readonly RainScenario[]>([]);
	const [picked, setPicked] = useState<string | null>(null);
	const [hour, setHour] = useState(0);
	const [busy, setBusy] = useState(false);
	const [trouble, setTrouble] = useState<string | null>(null);
	const load = useCallback(() => coverageApi.scenarios().then(setScenarios, () => undefined), []);
	useEffect(() => {
		void load();
		const timer = setInterval(() => void load(), AGAIN_MS);
		return () => clearInterval(timer);
	}, [load]);
	const running = scenarios.find((one) => one.running !== null);
	const shown = running ?? scenarios.find((one) => one.id === picked) ?? scenarios[0];
	if (shown === undefined) return null;
	const act = async (step: () => Promise<unknown>) => {
		setBusy(true);
		setTrouble(null);
		try {
			await step();
			await load();
		} catch (error) {
			setTrouble(error instanceof ApiError ? (error.problem?.detail ?? error.code) : '');
		}
		setBusy(false);
	};
	return (
		<section className="scenario" aria-labelledby={`${id}h`}>
			<h2 id={`${id}h`}>{t('coverage.scenario.title')}</h2>
			<div className="scenario-controls">
				<label htmlFor={`${id}s`} className="visually-hidden">
					{t('coverage.scenario.choose')}
				</label>
				<select id={`${id}s`} value={shown.id} disabled={running !== undefined} onChange={(e) => setPicked(e.target.value)}>
					{scenarios.map((one) => (
						<option key={one.id} value={one.id}>
							{one.name[language]}
						</option>
					))}
				</select>
				{running === undefined ? (
					<>
						<label htmlFor={`${id}n`}>{t('coverage.scenario.from')}</label>
						<input
							id={`${id}n`}
							type="number"
							min={0}
							max={48}
							value={hour}
							onChange={(e) => setHour(Math.min(48, Math.max(0, Math.round(Number(e.target.value)))))}
						/>
						<button type="button" disabled={busy} onClick={() => void act(() => coverageApi.startScenario(shown.id, hour))}>
							{t('coverage.scenario.start')}
						</button>
					</>
				) : (
					<button type="button" disabled={busy} onClick={() => void act(() => coverageApi.stopScenario(shown.id))}>
						{t('coverage.scenario.stop')}
					</button>
				)}
			</div>
			<RainChart scenario={shown} />
			<p className="quiet">{running ? <Standing scenario={running} /> : shown.about[language]}</p>
			{trouble !== null && <p role="alert">{t('coverage.scenario.failed', { reason: trouble })}</p>}
		</section>
	);
}

function Standing({ scenario }: { scenario: RainScenario }) {
	const { t } = useTexts();
	const { hour, mm, hourMm, closed } = scenario.running!;
	return t('coverage.scenario.running', {
		hour: Math.floor(hour),
		mm: Math.round(mm),
		hourMm: Math.round(hourMm),
		count: closed,
	});
}

/** Bars of rain; ticks where roads close and open. */
function RainChart({ scenario: { hours, steps, running } }: { scenario: RainScenario }) {
	const { t } = useTexts();
	const most = Math.max(10, ...hours.map(({ hourMm }) => hourMm));
	const last = hours.at(-1)!.hour;
	return (
		<svg
			className="rain-chart"
			viewBox={`0 0 ${last * 10} ${HEIGHT + 8}`}
			preserveAspectRatio="none"
			role="img"
			aria-label={t('coverage.scenario.chart')}
		>
			{hours.map(({ hour, hourMm }) => {
				const height = (hourMm / most) * HEIGHT;
				const past = running !== null && running.hour >= hour;
				return (
					<rect key={hour} className={past ? 'past' : ''} x={(hour - 1) * 10 + 1} y={HEIGHT - height} width={8} height={height} />
				);
			})}
			{steps.map(({ hour, closes }) => (
				<rect key={hour} className={closes.length > 0 ? 'closes' : 'opens'} x={hour * 10 - 2} y={HEIGHT + 3} width={4} height={5} />
			))}
			{running !== null && (
				<rect className="now" x={Math.min(last, running.hour) * 10 - 0.8} y={0} width={1.6} height={HEIGHT + 8} />
			)}
		</svg>
	);
}
