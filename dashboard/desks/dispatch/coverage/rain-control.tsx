/** What is closed: as it is, or as if so much rain had fallen. */
import { useId, useState } from 'react';
import type { Rain } from '../../../shared/api/coverage.ts';
import { useTexts } from '../../../shared/i18n/index.ts';

/** The highest threshold of continuous rain is below this, mm. */
const MOST = 300;
const MOST_HOUR = 80;

export function RainControl({ rain, onChange }: { rain: Rain | null; onChange: (rain: Rain | null) => void }) {
	const { t } = useTexts();
	const id = useId();
	const [kept, setKept] = useState<Required<Rain>>({ mm: 150, hourMm: 0 });
	const set = (change: Partial<Rain>) => {
		const next = { ...kept, ...change };
		setKept(next);
		onChange({ mm: next.mm, ...(next.hourMm > 0 && { hourMm: next.hourMm }) });
	};
	return (
		<fieldset className="rain-control">
			<legend>{t('coverage.isolation.mode')}</legend>
			<label>
				<input type="radio" name={`${id}m`} checked={rain === null} onChange={() => onChange(null)} />
				{t('coverage.isolation.now')}
			</label>
			<label>
				<input type="radio" name={`${id}m`} checked={rain !== null} onChange={() => set({})} />
				{t('coverage.isolation.assumed')}
			</label>
			{rain !== null && (
				<div className="rain-values">
					<Amount label={t('coverage.isolation.rain')} value={kept.mm} most={MOST} step={10} onChange={(mm) => set({ mm })} />
					<Amount
						label={t('coverage.isolation.hour')}
						value={kept.hourMm}
						most={MOST_HOUR}
						step={5}
						onChange={(hourMm) => set({ hourMm })}
					/>
				</div>
			)}
		</fieldset>
	);
}

interface AmountProps {
	label: string;
	value: number;
	most: number;
	step: number;
	onChange: (value: number) => void;
}

/** A slider, and the same as a number. */
function Amount({ label, value, most, step, onChange }: AmountProps) {
	const { t } = useTexts();
	const id = useId();
	const take = (text: string) => {
		const next = Number(text);
		if (text !== '' && Number.isFinite(next)) onChange(Math.min(most, Math.max(0, Math.round(next))));
	};
	return (
		<div className="rain-amount">
			<label htmlFor={id}>{label}</label>
			<input type="range" min={0} max={most} step={step} value={value} aria-label={label} onChange={(e) => take(e.target.value)} />
			<input id={id} type="number" inputMode="numeric" min={0} max={most} value={value} onChange={(e) => take(e.target.value)} />
			<span>{t('coverage.isolation.mm')}</span>
		</div>
	);
}
