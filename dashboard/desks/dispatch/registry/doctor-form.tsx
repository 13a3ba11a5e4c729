/** One doctor: what for, from where, at which hours, and when not. */
import { useCallback } from 'react';
import { doctorBody, specialties, type DoctorRecord } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { DateField, HoursField, type TimePair } from '../../../shared/records/date-field.tsx';
import { formatDate, weekdayName } from '../../../shared/records/dates.ts';
import { EditorForm } from '../../../shared/records/editor-form.tsx';
import { ChoiceField, TextField, TickField, TicksField, WeekdaysField, toHalfWidth } from '../../../shared/records/fields.tsx';
import { FormSection } from '../../../shared/records/form.tsx';
import { SearchSelect } from '../../../shared/records/search-select.tsx';
import { useEditor, type Editor } from '../../../shared/records/use-editor.ts';
import { doctorBodyOf, doctorDraft, emptyDoctor, type DoctorDraft } from './doctor-draft.ts';
import type { RegionFacts } from './region-facts.ts';
import { DeleteButton, type ResourceFormProps } from './resource-form.tsx';
import { SpanFields, spansText, useAbsenceOn } from './span-fields.tsx';

interface Props extends ResourceFormProps<DoctorRecord> {
	surge: boolean;
	/** A day on which an absence is to be added. */
	absentOn: string | null;
}

export function DoctorForm({ record, today, facts, doings, onSaved, onClose, onDirty, surge, absentOn }: Props) {
	const { t, language } = useTexts();
	const editor = useEditor<'doctor', DoctorDraft>({
		kind: 'doctor',
		record,
		empty: () => emptyDoctor(surge),
		toDraft: doctorDraft,
		toBody: doctorBodyOf,
		schema: doctorBody,
		onSaved: (kept) => {
			doings.did({ text: t('registry.resources.saved', { name: kept.name[language] }) });
			onSaved(kept.id);
		},
	});
	const { draft, set } = editor;
	const words = useDoctorWords(facts);
	useAbsenceOn(absentOn, (span) => set({ absences: [...draft.absences, span] }));
	return (
		<EditorForm
			editor={editor}
			title={record === null ? t('registry.doctor.new') : record.name[language]}
			{...(record !== null && { kept: record })}
			{...(record?.institution === null && {
				mark: <span className="chip chip-outside">{t('registry.resources.outside', { region: facts.name })}</span>,
			})}
			words={words}
			onClose={onClose}
			onDirty={onDirty}
			actions={
				record !== null && (
					<DeleteButton kind="doctor" record={record} name={record.name[language]} doings={doings} onGone={onClose} />
				)
			}
		>
			<Person editor={editor} facts={facts} />
			<Weekly editor={editor} />
			<SpanFields
				name="absences"
				today={today}
				words={{
					title: t('registry.doctor.absences'),
					from: t('registry.staff.absenceFrom'),
					until: t('registry.staff.absenceUntil'),
					reason: t('registry.staff.absenceReason'),
					add: t('registry.staff.addAbsence'),
					remove: (n) => t('registry.staff.removeAbsence', { n }),
				}}
				value={draft.absences}
				disabled={editor.busy}
				onChange={(absences) => set({ absences })}
			/>
			<Extra editor={editor} today={today} />
			<FormSection title={t('registry.doctor.span')}>
				<TickField
					name="span"
					label={t('registry.doctor.span')}
					text={t('registry.doctor.spanTick')}
					value={draft.span.on}
					onChange={(on) => set({ span: { ...draft.span, on } })}
				/>
				{draft.span.on &&
					(['from', 'until'] as const).map((end) => (
						<DateField
							key={end}
							name={`span.${end}`}
							label={t(end === 'from' ? 'registry.doctor.spanFrom' : 'registry.doctor.spanUntil')}
							required
							today={today}
							value={draft.span[end]}
							onChange={(day) => set({ span: { ...draft.span, [end]: day } })}
						/>
					))}
			</FormSection>
		</EditorForm>
	);
}

function Person({ editor: { draft, set }, facts }: { editor: Editor<DoctorDraft>; facts: RegionFacts }) {
	const { t } = useTexts();
	const { place } = draft;
	return (
		<FormSection title={t('registry.doctor.person')}>
			<TextField
				name="name.ja"
				label={t('registry.doctor.nameJa')}
				required
				value={draft.name.ja}
				onChange={(ja) => set({ name: { ...draft.name, ja } })}
			/>
			<TextField
				name="name.en"
				label={t('registry.doctor.nameEn')}
				required
				value={draft.name.en}
				onChange={(en) => set({ name: { ...draft.name, en } })}
			/>
			<TicksField
				name="specialties"
				label={t('registry.doctor.specialties')}
				required
				options={specialties.map((value) => ({ value, text: t(`registry.specialty.${value}`) }))}
				value={draft.specialties}
				onChange={(next) => set({ specialties: next })}
			/>
			<ChoiceField
				name="where"
				label={t('registry.doctor.where')}
				options={(['inside', 'outside'] as const).map((value) => ({ value, text: t(`registry.doctor.${value}`) }))}
				value={place.outside ? 'outside' : 'inside'}
				onChange={(next) => set({ place: { ...place, outside: next === 'outside' } })}
			/>
			{place.outside ? (
				<TextField
					name="from"
					label={t('registry.doctor.from')}
					value={place.from}
					onChange={(from) => set({ place: { ...place, from } })}
				/>
			) : (
				<SearchSelect
					name="institution"
					label={t('registry.doctor.institution')}
					required
					placeholder={t('registry.vehicle.basePlaceholder')}
					options={[...facts.facilities.values()].map(({ id, text }) => ({ value: id, text }))}
					value={place.institution}
					onChange={(institution) => set({ place: { ...place, institution } })}
				/>
			)}
			<TextField
				name="phone"
				label={t('registry.doctor.phone')}
				type="tel"
				size={14}
				tidy={toHalfWidth}
				value={draft.phone}
				onChange={(phone) => set({ phone })}
			/>
			<TextField
				name="user"
				label={t('registry.doctor.user')}
				hint={t('registry.doctor.userHint')}
				size={14}
				value={draft.user}
				onChange={(user) => set({ user })}
			/>
			<TickField
				name="surge"
				label={t('registry.doctor.surge')}
				text={t('registry.doctor.surgeTick')}
				value={draft.surge}
				onChange={(next) => set({ surge: next })}
			/>
			<TextField name="note" label={t('registry.doctor.note')} lines={2} value={draft.note} onChange={(note) => set({ note })} />
		</FormSection>
	);
}

function Weekly({ editor: { draft, set, busy } }: { editor: Editor<DoctorDraft> }) {
	const { t } = useTexts();
	const { weekly } = draft;
	const change = (at: number, patch: Partial<DoctorDraft['weekly'][number]>) =>
		set({ weekly: weekly.map((one, index) => (index === at ? { ...one, ...patch } : one)) });
	return (
		<FormSection
			title={t('registry.doctor.weekly')}
			extra={
				<button
					type="button"
					className="quiet-button"
					disabled={busy}
					onClick={() => set({ weekly: [...weekly, { weekdays: [], hours: [] }] })}
				>
					{t('registry.doctor.addWeekly')}
				</button>
			}
		>
			{weekly.map((one, at) => (
				<div key={at} className="form-row">
					<WeekdaysField
						name={`weekly.${at}.weekdays`}
						label={t('registry.doctor.weeklyDays', { n: at + 1 })}
						required
						value={one.weekdays}
						onChange={(weekdays) => change(at, { weekdays })}
					/>
					<HoursField
						name={`weekly.${at}.hours`}
						label={t('registry.doctor.weeklyHours', { n: at + 1 })}
						required
						value={one.hours}
						onChange={(hours) => change(at, { hours })}
					/>
					<button
						type="button"
						className="quiet-button"
						disabled={busy}
						aria-label={t('registry.doctor.removeWeekly', { n: at + 1 })}
						onClick={() => set({ weekly: weekly.filter((_, index) => index !== at) })}
					>
						✕
					</button>
				</div>
			))}
		</FormSection>
	);
}

function Extra({ editor: { draft, set, busy }, today }: { editor: Editor<DoctorDraft>; today: string }) {
	const { t } = useTexts();
	const { extra } = draft;
	const change = (at: number, patch: Partial<DoctorDraft['extra'][number]>) =>
		set({ extra: extra.map((one, index) => (index === at ? { ...one, ...patch } : one)) });
	return (
		<FormSection
			title={t('registry.doctor.extra')}
			extra={
				<button
					type="button"
					className="quiet-button"
					disabled={busy}
					onClick={() => set({ extra: [...extra, { date: '', hours: [] }] })}
				>
					{t('registry.doctor.addExtra')}
				</button>
			}
		>
			{extra.map((one, at) => (
				<div key={at} className="form-row">
					<DateField
						name={`extra.${at}.date`}
						label={t('registry.doctor.extraDay', { n: at + 1 })}
						required
						today={today}
						value={one.date}
						onChange={(date) => change(at, { date })}
					/>
					<HoursField
						name={`extra.${at}.hours`}
						label={t('registry.doctor.extraHours', { n: at + 1 })}
						required
						value={one.hours}
						onChange={(hours) => change(at, { hours })}
					/>
					<button
						type="button"
						className="quiet-button"
						disabled={busy}
						aria-label={t('registry.doctor.removeExtra', { n: at + 1 })}
						onClick={() => set({ extra: extra.filter((_, index) => index !== at) })}
					>
						✕
					</button>
				</div>
			))}
		</FormSection>
	);
}

const pairsText = (pairs: readonly TimePair[]): string => pairs.map((pair) => pair.join('–')).join('、');

function useDoctorWords(facts: RegionFacts) {
	const { t, language } = useTexts();
	return useCallback(
		(key: keyof DoctorDraft, draft: DoctorDraft): { label: string; value: string } => {
			const none = t('registry.form.none');
			switch (key) {
				case 'name':
					return { label: t('registry.doctor.nameJa'), value: `${draft.name.ja} ${draft.name.en}` };
				case 'specialties':
					return {
						label: t('registry.doctor.specialties'),
						value: draft.specialties.map((one) => t(`registry.specialty.${one}`)).join('、') || none,
					};
				case 'place':
					return {
						label: t('registry.doctor.where'),
						value: draft.place.outside
							? draft.place.from || none
							: (facts.facilities.get(draft.place.institution ?? '')?.text ?? none),
					};
				case 'weekly':
					return {
						label: t('registry.doctor.weekly'),
						value:
							draft.weekly
								.map(({ weekdays, hours }) => `${weekdays.map((day) => weekdayName(day, language)).join('')} ${pairsText(hours)}`)
								.join('／') || none,
					};
				case 'extra':
					return {
						label: t('registry.doctor.extra'),
						value: draft.extra.map(({ date, hours }) => `${formatDate(date, language)} ${pairsText(hours)}`).join('／') || none,
					};
				case 'absences':
					return { label: t('registry.doctor.absences'), value: spansText(draft.absences, language, none) };
				case 'span':
					return {
						label: t('registry.doctor.span'),
						value: draft.span.on ? `${formatDate(draft.span.from, language)} – ${formatDate(draft.span.until, language)}` : none,
					};
				case 'surge':
					return { label: t('registry.doctor.surge'), value: draft.surge ? t('registry.doctor.surgeTick') : none };
				case 'user':
					return { label: t('registry.doctor.user'), value: draft.user || none };
				case 'phone':
					return { label: t('registry.doctor.phone'), value: draft.phone || none };
				case 'note':
					return { label: t('registry.doctor.note'), value: draft.note || none };
			}
		},
		[t, language, facts],
	);
}
