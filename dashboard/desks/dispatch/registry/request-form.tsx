/** One request in the side form: for whom, what, where, when, how often, and what has become of it. */
import { useCallback, useMemo } from 'react';
import {
	careNeeds,
	equipmentKinds,
	needFacts,
	requestBody,
	specialties,
	urgencies,
	type DoctorRecord,
	type FleetVehicle,
	type Patient,
	type Visit,
	type VisitRequest,
} from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { PlaceField } from '../../../shared/places/place-field.tsx';
import { DateField, HoursField, TimeRangeField } from '../../../shared/records/date-field.tsx';
import { EditorForm } from '../../../shared/records/editor-form.tsx';
import {
	ChoiceField,
	NumberField,
	SelectField,
	TextField,
	TicksField,
	WeekdaysField,
	toHalfWidth,
} from '../../../shared/records/fields.tsx';
import { Field, FormSection } from '../../../shared/records/form.tsx';
import { SearchSelect } from '../../../shared/records/search-select.tsx';
import type { Doings } from '../../../shared/records/undo-bar.tsx';
import { useEditor, type Editor } from '../../../shared/records/use-editor.ts';
import { CancelRequest } from './cancel-request.tsx';
import { ConsentNote, PatientField } from './patient-field.tsx';
import { doctorName } from './record-words.ts';
import { RecurrenceFields } from './recurrence-fields.tsx';
import type { RegionFacts } from './region-facts.ts';
import { emptyRequest, requestBodyOf, requestDraft, type RequestDraft } from './request-draft.ts';
import { RequestVisits } from './request-visits.tsx';
import { useRequestWords } from './request-words.ts';

export interface RequestFormProps {
	record: VisitRequest | null;
	urgent: boolean;
	/** For whom a new request begins. */
	forPatient: number | null;
	today: string;
	patients: readonly Patient[];
	doctors: readonly DoctorRecord[];
	fleet: readonly FleetVehicle[];
	visits: readonly Visit[];
	facts: RegionFacts;
	doings: Doings;
	onSaved: (request: VisitRequest) => void;
	onClose: () => void;
	onDirty: (dirty: boolean) => void;
	onPatient: (id: number | null, take: (id: number) => void) => void;
}

export function RequestForm(props: RequestFormProps) {
	const { record, urgent, forPatient, today, patients, doctors, facts, doings, onSaved, onClose, onDirty, onPatient } = props;
	const { t } = useTexts();
	const editor = useEditor<'request', RequestDraft>({
		kind: 'request',
		record,
		empty: useCallback(() => emptyRequest(today, urgent, forPatient), [today, urgent, forPatient]),
		toDraft: requestDraft,
		toBody: requestBodyOf,
		schema: requestBody,
		onSaved: (kept) => {
			doings.did({ text: t('registry.request.saved', { id: kept.id }) });
			onSaved(kept);
		},
	});
	const { draft, set } = editor;
	const words = useRequestWords(patients, doctors, facts);
	const patient = patients.find(({ id }) => id === draft.patient);
	const facts1 = draft.need === null ? null : needFacts[draft.need];
	return (
		<EditorForm
			editor={editor}
			title={
				record !== null
					? t('registry.request.title', { id: record.id })
					: t(urgent ? 'registry.request.newUrgent' : 'registry.request.new')
			}
			{...(record !== null && { kept: record })}
			{...(record !== null &&
				record.state !== 'open' && { mark: <span className="chip">{t(`registry.request.states.${record.state}`)}</span> })}
			words={words}
			onClose={onClose}
			onDirty={onDirty}
			before={record !== null && <RequestVisits {...props} key={record.id} />}
			actions={record !== null && <CancelRequest record={record} doings={doings} disabled={editor.dirty || editor.busy} />}
		>
			<FormSection title={t('registry.request.patient')}>
				<PatientField
					patients={patients}
					value={draft.patient}
					today={today}
					onChange={(id) => set({ patient: id })}
					onOpen={(id) => onPatient(id, (chosen) => set({ patient: chosen }))}
				/>
				<ConsentNote patient={patient} withDoctor={draft.specialty !== null || (facts1?.specialty ?? null) !== null} />
			</FormSection>
			<Content editor={editor} {...props} />
			<Where editor={editor} patient={patient} facts={facts} />
			<When editor={editor} today={today} />
			<FormSection title={t('registry.request.repeat')}>
				<RecurrenceFields draft={draft} today={today} onChange={(repeats) => set({ repeats })} />
			</FormSection>
			<Asked editor={editor} />
		</EditorForm>
	);
}

function Content({
	editor: { draft, set },
	doctors,
	facts,
}: { editor: Editor<RequestDraft> } & Pick<RequestFormProps, 'doctors' | 'facts'>) {
	const { t, language } = useTexts();
	const brings = draft.need === null ? null : needFacts[draft.need];
	const facilities = useMemo(() => [...facts.facilities.values()], [facts]);
	const hint =
		brings === null
			? undefined
			: t('registry.need.brings', {
					doctor: brings.specialty === null ? t('registry.need.nurse') : t(`registry.specialty.${brings.specialty}`),
					equipment:
						brings.equipment.length === 0
							? t('registry.need.noEquipment')
							: brings.equipment.map((kind) => t(`registry.equipment.${kind}`)).join('・'),
					minutes: brings.minutes,
				});
	return (
		<FormSection title={t('registry.request.content')}>
			<SelectField
				name="need"
				label={t('registry.request.need')}
				required
				none={t('registry.request.needNone')}
				options={careNeeds.map((need) => ({ value: need, text: t(`plan.need.${need}`) }))}
				value={draft.need}
				onChange={(need) => set({ need })}
				{...(hint !== undefined && { hint })}
			/>
			<ChoiceField
				name="urgency"
				label={t('registry.request.urgency')}
				options={urgencies.map((value) => ({ value, text: t(`registry.urgency.${value}`) }))}
				value={draft.urgency}
				onChange={(urgency) => set({ urgency })}
			/>
			<NumberField
				name="minutes"
				label={t('registry.request.minutes')}
				unit={t('registry.request.minutesUnit')}
				{...(brings !== null && { placeholder: String(brings.minutes) })}
				value={draft.minutes}
				onChange={(minutes) => set({ minutes })}
			/>
			<SelectField
				name="specialty"
				label={t('registry.request.specialty')}
				none={t('registry.request.specialtyNone')}
				options={specialties.map((value) => ({ value, text: t(`registry.specialty.${value}`) }))}
				value={draft.specialty}
				onChange={(specialty) => set({ specialty })}
			/>
			<SearchSelect
				name="doctor"
				label={t('registry.request.doctor')}
				placeholder={t('registry.form.any')}
				options={doctors.map((doctor) => ({
					value: doctor.id,
					text: doctorName(doctor, language),
					detail: doctor.specialties.map((one) => t(`registry.specialty.${one}`)).join('・'),
					also: `${doctor.name.ja} ${doctor.name.en}`,
				}))}
				value={draft.doctor}
				onChange={(doctor) => set({ doctor })}
			/>
			<SearchSelect
				name="institution"
				label={t('registry.request.institution')}
				placeholder={t('registry.form.any')}
				options={facilities.map(({ id, text }) => ({ value: id, text }))}
				value={draft.institution}
				onChange={(institution) => set({ institution })}
			/>
			<TicksField
				name="equipment"
				label={t('registry.request.equipment')}
				options={equipmentKinds.map((value) => ({ value, text: t(`registry.equipment.${value}`) }))}
				value={draft.equipment}
				onChange={(equipment) => set({ equipment })}
			/>
		</FormSection>
	);
}

function Where({
	editor: { draft, set },
	patient,
	facts,
}: {
	editor: Editor<RequestDraft>;
	patient: Patient | undefined;
	facts: RegionFacts;
}) {
	const { t } = useTexts();
	const { place } = draft;
	const stops = useMemo(
		() =>
			[...facts.settlements.values()].flatMap(({ id, text, name, kana, stop, municipality }) =>
				stop === null
					? []
					: [
							{
								value: id,
								text: `${text} ${stop}`,
								detail: facts.municipalities.get(municipality ?? '')?.text ?? '',
								also: `${name} ${kana ?? ''}`,
							},
						],
			),
		[facts],
	);
	return (
		<FormSection title={t('registry.request.where')}>
			<ChoiceField
				name="place.kind"
				label={t('registry.request.place')}
				options={(['home', 'stop', 'elsewhere'] as const).map((value) => ({
					value,
					text: t(`registry.request.placeKind.${value}`),
				}))}
				value={place.kind}
				onChange={(kind) => set({ place: { ...place, kind } })}
				{...(place.kind === 'home' && { hint: patient?.home.address ?? t('registry.request.noHome') })}
			/>
			{place.kind === 'stop' && (
				<SearchSelect
					name="place.settlement"
					label={t('registry.request.stop')}
					required
					placeholder={t('registry.request.stopPlaceholder')}
					options={stops}
					value={place.settlement}
					onChange={(settlement) => set({ place: { ...place, settlement } })}
				/>
			)}
			{place.kind === 'elsewhere' && (
				<Field name="place.place" label={t('registry.request.address')} required deep>
					{(control) => (
						<PlaceField {...control} value={place.place} onChange={(found) => set({ place: { ...place, place: found } })} />
					)}
				</Field>
			)}
		</FormSection>
	);
}

function When({ editor: { draft, set }, today }: { editor: Editor<RequestDraft>; today: string }) {
	const { t } = useTexts();
	const { days } = draft;
	return (
		<FormSection title={t('registry.request.when')}>
			<DateField
				name="from"
				label={t('registry.request.from')}
				required
				today={today}
				value={days.from}
				// The last day follows the first one until it is set itself.
				onChange={(from) => set({ days: { from, until: days.until === '' || days.until === days.from ? from : days.until } })}
			/>
			<DateField
				name="until"
				label={t('registry.request.until')}
				required
				today={today}
				value={days.until}
				onChange={(until) => set({ days: { ...days, until } })}
			/>
			<WeekdaysField
				name="weekdays"
				label={t('registry.request.weekdays')}
				hint={t('registry.request.weekdaysHint')}
				value={draft.weekdays}
				onChange={(weekdays) => set({ weekdays })}
			/>
			<HoursField
				name="hours"
				label={t('registry.request.hours')}
				hint={t('registry.request.hoursHint')}
				value={draft.hours}
				onChange={(hours) => set({ hours })}
			/>
			<TimeRangeField
				name="preferred"
				label={t('registry.request.preferred')}
				value={draft.preferred}
				onChange={(preferred) => set({ preferred })}
			/>
		</FormSection>
	);
}

function Asked({ editor: { draft, set } }: { editor: Editor<RequestDraft> }) {
	const { t } = useTexts();
	const { requestedBy: by } = draft;
	return (
		<FormSection title={t('registry.request.asked')}>
			<TextField
				name="requestedBy.name"
				label={t('registry.request.byName')}
				required
				value={by.name}
				onChange={(name) => set({ requestedBy: { ...by, name } })}
			/>
			<TextField
				name="requestedBy.organisation"
				label={t('registry.request.byOrganisation')}
				value={by.organisation}
				onChange={(organisation) => set({ requestedBy: { ...by, organisation } })}
			/>
			<TextField
				name="requestedBy.phone"
				label={t('registry.request.byPhone')}
				type="tel"
				size={14}
				tidy={toHalfWidth}
				value={by.phone}
				onChange={(phone) => set({ requestedBy: { ...by, phone } })}
			/>
			<TextField
				name="note"
				label={t('registry.request.note')}
				hint={t('registry.request.noteHint')}
				lines={2}
				value={draft.note}
				onChange={(note) => set({ note })}
			/>
		</FormSection>
	);
}
