/** Closes all sections that so much rain closes; what would close is on the map while one turns the figure. */
import { useEffect, useId, useState } from 'react';
import type { ClosedRoads } from '@junkai/contracts';
import { dayApi } from '../../../shared/api/day.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { ClosureForm } from './closure-form.tsx';
import { ClosureTabs } from './closure-tabs.tsx';
import { ToolHead } from './tool-head.tsx';

interface Props {
	now: number;
	/** What would be closed beside what is; null when nothing is asked. */
	onPreview: (closed: ClosedRoads | null) => void;
}

const most = { mm: 500, hourMm: 120 };
/** The server is asked once the hand rests, ms. */
const pause = 150;

/** A figure as people type one; null when it is empty or none. */
export function readMillimetres(text: string, largest: number): number | null {
	const plain = text.normalize('NFKC').trim();
	const value = Number(plain);
	return plain !== '' && Number.isFinite(value) && value > 0 && value <= largest ? value : null;
}

export function RainTool({ now, onPreview }: Props) {
	const { t } = useTexts();
	const [mm, setMm] = useState('');
	const [hourMm, setHourMm] = useState('');
	const total = readMillimetres(mm, 5000);
	const hour = readMillimetres(hourMm, 500);
	const preview = usePreview(total, hour);
	useEffect(() => onPreview(preview ?? null), [preview, onPreview]);
	useEffect(() => () => onPreview(null), [onPreview]);
	const chosen = total !== null || hour !== null;
	const figures = [
		total === null ? '' : t('day.closure.shape.mm', { mm: total }),
		hour === null ? '' : t('day.closure.shape.hourMm', { mm: hour }),
	].filter((part) => part !== '');
	return (
		<section className="inspector tool" aria-label={t('day.closure.rain.title')} data-testid="rain-tool">
			<ToolHead title={t('day.closure.new')} />
			<ClosureTabs tool="rain" />
			<Amount label={t('day.closure.rain.mm')} text={mm} most={most.mm} onChange={setMm} />
			<Amount label={t('day.closure.rain.hourMm')} text={hourMm} most={most.hourMm} onChange={setHourMm} />
			{chosen && <Preview preview={preview} />}
			<ClosureForm
				shape={chosen ? { kind: 'rain', mm: total, hourMm: hour } : null}
				missing={t('day.closure.rain.missing')}
				source="rain"
				suggested={chosen ? t('day.closure.rain.name', { amount: figures.join('・') }) : ''}
				now={now}
			/>
		</section>
	);
}

function Amount({
	label,
	text,
	most: largest,
	onChange,
}: {
	label: string;
	text: string;
	most: number;
	onChange: (text: string) => void;
}) {
	const { t } = useTexts();
	const id = useId();
	return (
		<div className="amount">
			<label htmlFor={id}>{label}</label>
			<input id={id} inputMode="decimal" value={text} onChange={(event) => onChange(event.target.value)} />
			<input
				type="range"
				min={0}
				max={largest}
				step={5}
				value={Number(text.normalize('NFKC')) || 0}
				aria-label={t('day.closure.rain.slider', { label })}
				onChange={(event) => onChange(event.target.value === '0' ? '' : event.target.value)}
			/>
		</div>
	);
}

/** What the figures would close. */
function Preview({ preview }: { preview: ClosedRoads | null | undefined }) {
	const { t } = useTexts();
	if (preview === undefined) return <p className="quiet">{t('app.loading')}</p>;
	if (preview === null) return <p className="trouble">{t('day.closure.rain.failed')}</p>;
	const sections = [...new Set(preview.lines.map(({ name, ref }) => ref ?? name))];
	return (
		<div role="status" className="rain-preview" data-testid="rain-preview">
			<p>
				<b>{t('day.closure.rain.closes', { count: preview.lines.length })}</b>
			</p>
			{sections.length > 0 && <p>{sections.join('、')}</p>}
			{preview.unmatched.length > 0 && (
				<p className="quiet">
					{t('day.closure.rain.unmatched', { count: preview.unmatched.length })} {preview.unmatched.slice(0, 6).join('、')}
				</p>
			)}
		</div>
	);
}

/** Undefined while it is asked, null when there is no answer. */
function usePreview(mm: number | null, hourMm: number | null): ClosedRoads | null | undefined {
	const key = `${mm ?? ''}/${hourMm ?? ''}`;
	const [state, setState] = useState<{ key: string; found: ClosedRoads | null } | null>(null);
	useEffect(() => {
		if (mm === null && hourMm === null) return;
		let wanted = true;
		const timer = setTimeout(() => {
			void dayApi
				.closedRoads({ ...(mm !== null && { mm }), ...(hourMm !== null && { hourMm }) })
				.catch(() => null)
				.then((found) => wanted && setState({ key, found }));
		}, pause);
		return () => {
			wanted = false;
			clearTimeout(timer);
		};
	}, [key, mm, hourMm]);
	if (mm === null && hourMm === null) return null;
	return state?.key === key ? state.found : undefined;
}
