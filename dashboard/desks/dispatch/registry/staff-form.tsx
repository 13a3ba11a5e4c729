/** One member of a crew. */
import { useCallback } from 'react';
import { staffBody, staffRoles, type StaffMember } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { EditorForm } from '../../../shared/records/editor-form.tsx';
import { TextField, TickField, TicksField, toHalfWidth } from '../../../shared/records/fields.tsx';
import { FormSection } from '../../../shared/records/form.tsx';
import { SearchSelect } from '../../../shared/records/search-select.tsx';
import { useEditor } from '../../../shared/records/use-editor.ts';
import { toKatakana } from './patient-draft.ts';
import { nameText } from './record-words.ts';
import { DeleteButton, type ResourceFormProps } from './resource-form.tsx';
import { SpanFields, spanBodies, spanDrafts, spansText, useAbsenceOn, type SpanDraft } from './span-fields.tsx';

interface StaffDraft {
	name: { family: string; given: string };
	kana: { family: string; given: string };
	roles: StaffMember['roles'];
	base: string | null;
	phone: string;
	surge: boolean;
	absences: SpanDraft[];
	note: string;
}

const toDraft = (member: StaffMember): StaffDraft => ({
	name: { ...member.name },
	kana: member.kana === null ? { family: '', given: '' } : { ...member.kana },
	roles: [...member.roles],
	base: member.base,
	phone: member.phone ?? '',
	surge: member.surge,
	absences: spanDrafts(member.absences),
	note: member.note,
});

const toBody = ({ kana, phone, absences, ...draft }: StaffDraft): unknown => ({
	...draft,
	kana: kana.family.trim() === '' && kana.given.trim() === '' ? null : kana,
	phone: phone.trim() === '' ? null : phone,
	absences: spanBodies(absences),
});

interface Props extends ResourceFormProps<StaffMember> {
	surge: boolean;
	/** A day on which an absence is to be added. */
	absentOn: string | null;
}

export function StaffForm({ record, today, facts, doings, onSaved, onClose, onDirty, surge, absentOn }: Props) {
	const { t } = useTexts();
	const editor = useEditor<'staff', StaffDraft>({
		kind: 'staff',
		record,
		empty: () => ({ ...blank, surge }),
		toDraft,
		toBody,
		schema: staffBody,
		onSaved: (kept) => {
			doings.did({ text: t('registry.resources.saved', { name: nameText(kept.name) }) });
			onSaved(kept.id);
		},
	});
	const { draft, set } = editor;
	const words = useStaffWords(facts);
	useAbsenceOn(absentOn, (span) => set({ absences: [...draft.absences, span] }));
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
		<EditorForm
			editor={editor}
			title={record === null ? t('registry.staff.new') : nameText(record.name)}
			{...(record !== null && { kept: record })}
			words={words}
			onClose={onClose}
			onDirty={onDirty}
			actions={
				record !== null && (
					<DeleteButton kind="staff" record={record} name={nameText(record.name)} doings={doings} onGone={onClose} />
				)
			}
		>
			<FormSection title={t('registry.patient.person')}>
				{part('name', 'family', t('registry.patient.family'))}
				{part('name', 'given', t('registry.patient.given'))}
				{part('kana', 'family', t('registry.patient.kanaFamily'))}
				{part('kana', 'given', t('registry.patient.kanaGiven'))}
				<TicksField
					name="roles"
					label={t('registry.staff.roles')}
					required
					options={staffRoles.map((value) => ({ value, text: t(`registry.staff.role.${value}`) }))}
					value={draft.roles}
					onChange={(roles) => set({ roles })}
				/>
				<SearchSelect
					name="base"
					label={t('registry.staff.base')}
					required
					placeholder={t('registry.vehicle.basePlaceholder')}
					options={[...facts.facilities.values()].map(({ id, text }) => ({ value: id, text }))}
					value={draft.base}
					onChange={(base) => set({ base })}
				/>
				<TextField
					name="phone"
					label={t('registry.staff.phone')}
					type="tel"
					size={14}
					tidy={toHalfWidth}
					value={draft.phone}
					onChange={(phone) => set({ phone })}
				/>
				<TickField
					name="surge"
					label={t('registry.staff.surge')}
					text={t('registry.staff.surgeTick')}
					value={draft.surge}
					onChange={(next) => set({ surge: next })}
				/>
				<TextField name="note" label={t('registry.vehicle.note')} lines={2} value={draft.note} onChange={(note) => set({ note })} />
			</FormSection>
			<SpanFields
				name="absences"
				today={today}
				words={{
					title: t('registry.staff.absences'),
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
		</EditorForm>
	);
}

const blank: StaffDraft = {
	name: { family: '', given: '' },
	kana: { family: '', given: '' },
	roles: [],
	base: null,
	phone: '',
	surge: false,
	absences: [],
	note: '',
};

function useStaffWords(facts: ResourceFormProps<StaffMember>['facts']) {
	const { t, language } = useTexts();
	return useCallback(
		(key: keyof StaffDraft, draft: StaffDraft): { label: string; value: string } => {
			const none = t('registry.form.none');
			switch (key) {
				case 'name':
					return { label: t('registry.request.byName'), value: nameText(draft.name) };
				case 'kana':
					return { label: `${t('registry.patient.kanaFamily')}・${t('registry.patient.kanaGiven')}`, value: nameText(draft.kana) };
				case 'roles':
					return {
						label: t('registry.staff.roles'),
						value: draft.roles.map((role) => t(`registry.staff.role.${role}`)).join('、') || none,
					};
				case 'base':
					return { label: t('registry.staff.base'), value: facts.facilities.get(draft.base ?? '')?.text ?? none };
				case 'phone':
					return { label: t('registry.staff.phone'), value: draft.phone || none };
				case 'surge':
					return { label: t('registry.staff.surge'), value: draft.surge ? t('registry.staff.surgeTick') : none };
				case 'absences':
					return { label: t('registry.staff.absences'), value: spansText(draft.absences, language, none) };
				case 'note':
					return { label: t('registry.vehicle.note'), value: draft.note || none };
			}
		},
		[t, language, facts],
	);
}
