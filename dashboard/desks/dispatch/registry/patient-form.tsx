/** One patient: who it is, where to find them, what they have agreed to. */
import { useCallback } from 'react';
import { identifierSystems, patientBody, type Patient } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { DateField, DateInput } from '../../../shared/records/date-field.tsx';
import { ageOn, formatBirth } from '../../../shared/records/dates.ts';
import { EditorForm } from '../../../shared/records/editor-form.tsx';
import { ChoiceField, SelectField, TextField, toHalfWidth } from '../../../shared/records/fields.tsx';
import { Field, FormSection } from '../../../shared/records/form.tsx';
import { useEditor, type Editor } from '../../../shared/records/use-editor.ts';
import { PlaceField } from '../../../shared/places/place-field.tsx';
import { emptyPatient, patientBodyOf, patientDraft, toKatakana, type ConsentDraft, type PatientDraft } from './patient-draft.ts';
import { nameText, patientName } from './record-words.ts';

interface Props {
	record: Patient | null;
	today: string;
	onSaved: (patient: Patient) => void;
	onClose: () => void;
	onDirty: (dirty: boolean) => void;
}

export function PatientForm({ record, today, onSaved, onClose, onDirty }: Props) {
	const { t } = useTexts();
	const editor = useEditor<'patient', PatientDraft>({
		kind: 'patient',
		record,
		empty: emptyPatient,
		toDraft: patientDraft,
		toBody: patientBodyOf,
		schema: patientBody,
		onSaved,
	});
	const { draft, set } = editor;
	const age = ageOn(draft.birthDate, today);
	const words = usePatientWords();
	return (
		<EditorForm
			editor={editor}
			title={record === null ? t('registry.patient.new') : t('registry.patient.edit', { name: patientName(record) })}
			{...(record !== null && { kept: record })}
			words={words}
			onClose={onClose}
			onDirty={onDirty}
			actions={
				<button type="button" onClick={onClose}>
					{t('registry.request.back')}
				</button>
			}
		>
			<FormSection title={t('registry.patient.person')}>
				<Names editor={editor} />
				<DateField
					name="birthDate"
					label={t('registry.patient.birthDate')}
					required
					birth
					today={today}
					value={draft.birthDate}
					onChange={(birthDate) => set({ birthDate })}
					after={age !== null && <span data-testid="age">{t('registry.requests.age', { age })}</span>}
				/>
				<ChoiceField
					name="sex"
					label={t('registry.patient.sex')}
					required
					options={(['male', 'female', 'other', 'unknown'] as const).map((value) => ({ value, text: t(`registry.sex.${value}`) }))}
					value={draft.sex}
					onChange={(sex) => set({ sex })}
				/>
				<TextField
					name="phone"
					label={t('registry.patient.phone')}
					type="tel"
					size={14}
					tidy={toHalfWidth}
					value={draft.phone}
					onChange={(phone) => set({ phone })}
				/>
				<Field name="home" label={t('registry.patient.address')} required deep>
					{(control) => <PlaceField {...control} value={draft.home} onChange={(home) => set({ home })} />}
				</Field>
			</FormSection>
			<FormSection title={t('registry.patient.consents')}>
				<Consents value={draft.consents} today={today} onChange={(consents) => set({ consents })} />
			</FormSection>
			<Identifiers editor={editor} />
			<FormSection title={t('registry.patient.contact')}>
				<TextField
					name="contact.name"
					label={t('registry.patient.contactName')}
					value={draft.contact.name}
					onChange={(name) => set({ contact: { ...draft.contact, name } })}
				/>
				<TextField
					name="contact.relation"
					label={t('registry.patient.contactRelation')}
					value={draft.contact.relation}
					onChange={(relation) => set({ contact: { ...draft.contact, relation } })}
				/>
				<TextField
					name="contact.phone"
					label={t('registry.patient.contactPhone')}
					type="tel"
					size={14}
					tidy={toHalfWidth}
					value={draft.contact.phone}
					onChange={(phone) => set({ contact: { ...draft.contact, phone } })}
				/>
			</FormSection>
			<FormSection title={t('registry.patient.note')}>
				<TextField
					name="note"
					label={t('registry.patient.note')}
					hint={t('registry.patient.noteHint')}
					lines={2}
					value={draft.note}
					onChange={(note) => set({ note })}
				/>
			</FormSection>
		</EditorForm>
	);
}

function Names({ editor: { draft, set } }: { editor: Editor<PatientDraft> }) {
	const { t } = useTexts();
	const part = (of: 'name' | 'kana', which: 'family' | 'given', label: string) => (
		<TextField
			name={`${of}.${which}`}
			label={label}
			required={of === 'name'}
			size={14}
			value={draft[of][which]}
			{...(of === 'kana' && { tidy: toKatakana })}
			onChange={(text) => set({ [of]: { ...draft[of], [which]: text } })}
		/>
	);
	return (
		<>
			{part('name', 'family', t('registry.patient.family'))}
			{part('name', 'given', t('registry.patient.given'))}
			{part('kana', 'family', t('registry.patient.kanaFamily'))}
			{part('kana', 'given', t('registry.patient.kanaGiven'))}
		</>
	);
}

const consentStates = ['none', 'given', 'refused', 'withdrawn'] as const;
const givers = ['patient', 'family', 'guardian'] as const;

function Consents({
	value,
	today,
	onChange,
}: {
	value: readonly ConsentDraft[];
	today: string;
	onChange: (value: ConsentDraft[]) => void;
}) {
	const { t } = useTexts();
	const given = value.filter(({ state }) => state !== 'none');
	return value.map((consent, at) => {
		const scope = t(`registry.patient.consentScope.${consent.scope}`);
		const change = (patch: Partial<ConsentDraft>) =>
			onChange(value.map((one, index) => (index === at ? { ...one, ...patch } : one)));
		// In the body only those stand that were asked for.
		const path = `consents.${Math.max(0, given.indexOf(consent))}`;
		return (
			<div key={consent.scope} className="consent">
				<ChoiceField
					name={`consent-${consent.scope}`}
					label={scope}
					options={consentStates.map((state) => ({ value: state, text: t(`registry.patient.consentState.${state}`) }))}
					value={consent.state}
					onChange={(state) => change({ state, date: consent.date === '' && state !== 'none' ? today : consent.date })}
				/>
				{consent.state !== 'none' && (
					<Field name={`${path}.date`} label={t('registry.patient.consentDate', { scope })} required>
						{(control) => (
							<span className="with-unit">
								<DateInput
									control={control}
									label={t('registry.patient.consentDate', { scope })}
									today={today}
									value={consent.date}
									onChange={(date) => change({ date })}
								/>
								<select
									aria-label={t('registry.patient.consentBy', { scope })}
									value={consent.by}
									disabled={control.disabled}
									style={{ width: 'auto' }}
									onChange={(event) => change({ by: givers.find((one) => one === event.target.value) ?? 'patient' })}
								>
									{givers.map((by) => (
										<option key={by} value={by}>
											{t(`registry.patient.by.${by}`)}
										</option>
									))}
								</select>
							</span>
						)}
					</Field>
				)}
			</div>
		);
	});
}

function Identifiers({ editor: { draft, set, busy } }: { editor: Editor<PatientDraft> }) {
	const { t } = useTexts();
	const { identifiers } = draft;
	const change = (at: number, patch: Partial<PatientDraft['identifiers'][number]>) =>
		set({ identifiers: identifiers.map((one, index) => (index === at ? { ...one, ...patch } : one)) });
	return (
		<FormSection
			title={t('registry.patient.identifiers')}
			extra={
				<button
					type="button"
					className="quiet-button"
					disabled={busy || identifiers.length >= 10}
					onClick={() => set({ identifiers: [...identifiers, { system: 'chart', value: '', of: '' }] })}
				>
					{t('registry.patient.addIdentifier')}
				</button>
			}
		>
			{identifiers.map(({ system, value, of }, at) => (
				<div key={at} className="form-row">
					<SelectField
						name={`identifiers.${at}.system`}
						label={t('registry.patient.identifierKind')}
						none={t('registry.form.none')}
						options={identifierSystems.map((one) => ({ value: one, text: t(`registry.patient.identifierSystem.${one}`) }))}
						value={system}
						onChange={(next) => change(at, { system: next ?? 'chart' })}
					/>
					<TextField
						name={`identifiers.${at}.value`}
						label={t('registry.patient.identifierValue')}
						required
						tidy={toHalfWidth}
						value={value}
						onChange={(next) => change(at, { value: next })}
					/>
					{system === 'chart' && (
						<TextField
							name={`identifiers.${at}.of`}
							label={t('registry.patient.identifierOf')}
							value={of}
							onChange={(next) => change(at, { of: next })}
						/>
					)}
					<button
						type="button"
						className="quiet-button"
						disabled={busy}
						aria-label={t('registry.patient.removeIdentifier', { n: at + 1 })}
						onClick={() => set({ identifiers: identifiers.filter((_, index) => index !== at) })}
					>
						✕
					</button>
				</div>
			))}
		</FormSection>
	);
}

/** Fields of a patient in words, for what somebody else has changed. */
function usePatientWords() {
	const { t, language } = useTexts();
	return useCallback(
		(key: keyof PatientDraft, draft: PatientDraft): { label: string; value: string } => {
			const none = t('registry.form.none');
			switch (key) {
				case 'name':
					return { label: t('registry.request.patient'), value: nameText(draft.name) };
				case 'kana':
					return { label: `${t('registry.patient.kanaFamily')}・${t('registry.patient.kanaGiven')}`, value: nameText(draft.kana) };
				case 'birthDate':
					return { label: t('registry.patient.birthDate'), value: formatBirth(draft.birthDate, language) };
				case 'sex':
					return { label: t('registry.patient.sex'), value: draft.sex === null ? none : t(`registry.sex.${draft.sex}`) };
				case 'phone':
					return { label: t('registry.patient.phone'), value: draft.phone || none };
				case 'home':
					return { label: t('registry.patient.address'), value: draft.home?.address ?? none };
				case 'identifiers':
					return {
						label: t('registry.patient.identifiers'),
						value: draft.identifiers.map(({ value }) => value).join('、') || none,
					};
				case 'consents':
					return {
						label: t('registry.patient.consents'),
						value: draft.consents
							.map(
								({ scope, state }) =>
									`${t(`registry.patient.consentScope.${scope}`)} ${t(`registry.patient.consentState.${state}`)}`,
							)
							.join('、'),
					};
				case 'contact':
					return {
						label: t('registry.patient.contact'),
						value: [draft.contact.name, draft.contact.phone].join(' ').trim() || none,
					};
				case 'note':
					return { label: t('registry.patient.note'), value: draft.note || none };
			}
		},
		[t, language],
	);
}
