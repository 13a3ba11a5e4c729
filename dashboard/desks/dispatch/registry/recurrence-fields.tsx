/** How often a visit returns, and on which days it will then be. */
import { recurrence as recurrenceSchema, type Recurrence } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { DateField } from '../../../shared/records/date-field.tsx';
import { ChoiceField, NumberField, TickField } from '../../../shared/records/fields.tsx';
import { Field } from '../../../shared/records/form.tsx';
import { spanText } from './record-words.ts';
import { recurrenceBody, type RequestDraft } from './request-draft.ts';
import { allowedDays, spansOf } from './visit-days.ts';

type Repeats = RequestDraft['repeats'];

interface Props {
	draft: RequestDraft;
	today: string;
	onChange: (repeats: Repeats) => void;
}

export function RecurrenceFields({ draft, today, onChange }: Props) {
	const { t } = useTexts();
	const { repeats } = draft;
	const change = (patch: Partial<Repeats>) => onChange({ ...repeats, ...patch });
	return (
		<>
			<TickField
				name="recurrence"
				label={t('registry.request.repeats')}
				text={t('registry.request.repeatsYes')}
				value={repeats.on}
				onChange={(on) => change({ on })}
			/>
			{repeats.on && (
				<>
					<NumberField
						name="recurrence.everyDays"
						label={t('registry.request.everyDays')}
						required
						unit={t('registry.request.days')}
						value={repeats.everyDays}
						onChange={(everyDays) => change({ everyDays })}
					/>
					<ChoiceField
						name="ends"
						label={t('registry.request.ends')}
						options={(['never', 'times', 'until'] as const).map((value) => ({
							value,
							text: t(`registry.request.endsKind.${value}`),
						}))}
						value={repeats.ends}
						onChange={(ends) => change({ ends })}
					/>
					{repeats.ends === 'times' && (
						<NumberField
							name="recurrence.times"
							label={t('registry.request.times')}
							required
							unit={t('registry.request.timesUnit')}
							value={repeats.times}
							onChange={(times) => change({ times })}
						/>
					)}
					{repeats.ends === 'until' && (
						<DateField
							name="recurrence.until"
							label={t('registry.request.repeatUntil')}
							required
							today={today}
							value={repeats.until}
							onChange={(until) => change({ until })}
						/>
					)}
					<NumberField
						name="recurrence.tolerance"
						label={t('registry.request.tolerance')}
						unit={t('registry.request.toleranceUnit')}
						value={repeats.tolerance}
						onChange={(tolerance) => change({ tolerance })}
					/>
					<Preview draft={draft} />
				</>
			)}
		</>
	);
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);
/** So many visits are shown. */
const shown = 8;

function Preview({ draft: { days, repeats, weekdays } }: { draft: RequestDraft }) {
	const { t, language } = useTexts();
	const parsed = recurrenceSchema.safeParse(recurrenceBody(repeats));
	const recurrence: Recurrence | null = parsed.success ? parsed.data : null;
	const known = recurrence !== null && isDay(days.from) && isDay(days.until) && days.from <= days.until;
	const spans = known ? spansOf({ ...days, recurrence }, 201) : [];
	const endless = recurrence?.times === null && recurrence.until === null;
	return (
		<Field name="preview" label={t('registry.request.preview')} group>
			{() =>
				spans.length === 0 ? (
					<p className="form-hint">{t('registry.request.previewNone')}</p>
				) : (
					<ol className="preview" data-testid="preview">
						{spans.slice(0, shown).map((span) => {
							const allowed = allowedDays(span, weekdays);
							return (
								<li key={span.nth}>
									<span>{span.nth}</span> {spanText(t, language, allowed[0] ?? span.from, allowed.at(-1) ?? span.until)}
								</li>
							);
						})}
						{(endless || spans.length > shown) && (
							<li className="quiet">
								{endless ? t('registry.request.previewMore') : t('registry.request.previewCount', { count: spans.length })}
							</li>
						)}
					</ol>
				)
			}
		</Field>
	);
}
