/** What each column of the spreadsheet is: shown, and to be changed. */
import { useState } from 'react';
import { intakeFields, type IntakeField, type IntakePreview } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';

/** A, B, … Z, AA: as spreadsheets name columns. */
export const columnLetter = (at: number): string =>
	(at >= 26 ? String.fromCharCode(64 + Math.floor(at / 26)) : '') + String.fromCharCode(65 + (at % 26));

export function Columns({
	preview,
	onChange,
}: {
	preview: IntakePreview;
	onChange: (column: number, field: IntakeField | null) => void;
}) {
	const { t, language } = useTexts();
	const { headers, absent, headerRow } = preview;
	const [open, setOpen] = useState(absent.length > 0);
	const used = headers.filter(({ field }) => field !== null).length;
	const names = absent.map((field) => t(`intake.field.${field}`)).join(language === 'ja' ? '・' : ', ');
	return (
		<section className="intake-columns">
			<button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}>
				<span aria-hidden="true">{open ? '▾' : '▸'}</span> {t('intake.columns.title')}
				<small>{t('intake.columns.summary', { used, count: headers.length, row: headerRow })}</small>
			</button>
			{absent.length > 0 && (
				<p className="intake-absent">
					<StateMark kind="bad" /> {t('intake.columns.absent', { fields: names })}
				</p>
			)}
			{open && (
				<ul>
					{headers.map(({ title, field }, at) => (
						<li key={at}>
							<label htmlFor={`column-${at}`}>
								<span className="column-letter">{columnLetter(at)}</span>{' '}
								{title || t('intake.columns.column', { letter: columnLetter(at) })}
							</label>
							<select
								id={`column-${at}`}
								value={field ?? ''}
								onChange={(event) => onChange(at, intakeFields.find((one) => one === event.target.value) ?? null)}
							>
								<option value="">{t('intake.columns.ignore')}</option>
								{intakeFields.map((one) => (
									<option key={one} value={one}>
										{t(`intake.field.${one}`)}
									</option>
								))}
							</select>
						</li>
					))}
				</ul>
			)}
		</section>
	);
}
