/** One shift: a crew in a van on certain days, what it would collide with, and its copies. */
import { useCallback, useMemo, useState } from 'react';
import { shiftBody, type Shift, type StaffMember } from '@junkai/contracts';
import { registryApi } from '../../../shared/api/registry.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { DateField, DateInput, TimeRangeField } from '../../../shared/records/date-field.tsx';
import { addDays, formatDate, formatShortDay, mondayOf, weekdayName, weekdayOf } from '../../../shared/records/dates.ts';
import { EditorForm } from '../../../shared/records/editor-form.tsx';
import { NumberField, TickField, WeekdaysField } from '../../../shared/records/fields.tsx';
import { FormSection } from '../../../shared/records/form.tsx';
import { SearchSelect } from '../../../shared/records/search-select.tsx';
import { useEditor, type Editor } from '../../../shared/records/use-editor.ts';
import { useRecordChanges } from '../../../shared/records/use-records.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import { kanaText, nameText, vehicleName } from './record-words.ts';
import { DeleteButton, type ResourceFormProps, type Resources } from './resource-form.tsx';
import { checkShift } from './shift-check.ts';
import { emptyShift, shiftBodyOf, shiftDraft, type ShiftDraft } from './shift-draft.ts';

interface Props extends ResourceFormProps<Shift> {
	/** What a new one begins with. */
	vehicle: string | null;
	day: string | null;
	surge: boolean;
}

export function ShiftForm(props: Props) {
	const { record, vehicle, day, surge, today, resources, doings, onSaved, onClose, onDirty } = props;
	const { t } = useTexts();
	const editor = useEditor<'shift', ShiftDraft>({
		kind: 'shift',
		record,
		empty: () => emptyShift(vehicle, day, day === null ? null : weekdayOf(day), surge),
		toDraft: shiftDraft,
		toBody: shiftBodyOf,
		schema: shiftBody,
		onSaved: (kept) => {
			doings.did({ text: t('registry.resources.saved', { name: nameOf(kept) }) });
			onSaved(kept.id);
		},
	});
	const nameOf = (shift: Shift) => t('registry.shift.title', { vehicle: vehicleName(shift.vehicle, resources.fleet) });
	const { draft, set } = editor;
	return (
		<EditorForm
			editor={editor}
			title={record === null ? t('registry.shift.new') : nameOf(record)}
			{...(record !== null && { kept: record })}
			words={useShiftWords(resources)}
			onClose={onClose}
			onDirty={onDirty}
			warnings={<Warnings editor={editor} record={record} today={today} resources={resources} />}
			actions={
				record !== null && <DeleteButton kind="shift" record={record} name={nameOf(record)} doings={doings} onGone={onClose} />
			}
		>
			<Crew editor={editor} resources={resources} />
			<Days editor={editor} today={today} />
			<FormSection title={t('registry.shift.hours')}>
				<TimeRangeField
					name="hours"
					label={t('registry.shift.hours')}
					required
					value={draft.hours}
					onChange={(hours) => set({ hours })}
				/>
				<NumberField
					name="rest.minutes"
					label={t('registry.shift.restMinutes')}
					required
					unit={t('registry.request.minutesUnit')}
					hint={t('registry.shift.restHint')}
					value={draft.rest.minutes}
					onChange={(minutes) => set({ rest: { ...draft.rest, minutes } })}
				/>
				<TimeRangeField
					name="rest.between"
					label={t('registry.shift.restBetween')}
					required
					value={draft.rest.between}
					onChange={(between) => set({ rest: { ...draft.rest, between } })}
				/>
				<TickField
					name="surge"
					label={t('registry.shift.surge')}
					text={t('registry.shift.surgeTick')}
					value={draft.surge}
					onChange={(next) => set({ surge: next })}
				/>
			</FormSection>
			{record !== null && !editor.dirty && <CopyShift record={record} today={today} doings={doings} />}
		</EditorForm>
	);
}

function Crew({ editor: { draft, set }, resources }: { editor: Editor<ShiftDraft>; resources: Resources }) {
	const { t } = useTexts();
	const person = (role: 'driver' | 'nurse') => (
		<SearchSelect
			name={role}
			label={t(`registry.shift.${role}`)}
			placeholder={t('registry.shift.personPlaceholder')}
			options={resources.staff
				.filter(({ roles }) => roles.includes(role))
				.map((member) => personOption(member, t('registry.resources.surge')))}
			value={draft[role]}
			onChange={(id) => set({ [role]: id })}
		/>
	);
	return (
		<FormSection title={t('registry.shift.crew')}>
			<SearchSelect
				name="vehicle"
				label={t('registry.shift.vehicle')}
				required
				options={resources.fleet.map(({ vehicle, name }) => ({ value: vehicle, text: name, detail: vehicle }))}
				value={draft.vehicle}
				onChange={(vehicle) => set({ vehicle })}
			/>
			{person('driver')}
			{person('nurse')}
		</FormSection>
	);
}

const personOption = (member: StaffMember, surge: string) => ({
	value: member.id,
	text: nameText(member.name),
	detail: `${kanaText(member)}${member.surge ? ` · ${surge}` : ''}`,
});

function Days({ editor: { draft, set, busy, frame }, today }: { editor: Editor<ShiftDraft>; today: string }) {
	const { t, language } = useTexts();
	const { days, except } = draft;
	const [added, setAdded] = useState('');
	const add = (day: string) => {
		setAdded('');
		if (/^\d{4}-\d{2}-\d{2}$/.test(day) && !except.includes(day)) set({ except: [...except, day].toSorted() });
	};
	return (
		<FormSection title={t('registry.shift.days')}>
			<DateField
				name="from"
				label={t('registry.shift.from')}
				required
				today={today}
				value={days.from}
				onChange={(from) => set({ days: { from, until: days.until === '' ? from : days.until } })}
			/>
			<DateField
				name="until"
				label={t('registry.shift.until')}
				required
				today={today}
				value={days.until}
				onChange={(until) => set({ days: { ...days, until } })}
			/>
			<WeekdaysField
				name="weekdays"
				label={t('registry.shift.weekdays')}
				required
				value={draft.weekdays}
				onChange={(weekdays) => set({ weekdays })}
			/>
			<div className="form-field">
				<span className="form-label">{t('registry.shift.except')}</span>
				<div className="form-control">
					<DateInput
						control={{
							id: `${frame.id}-except`,
							'aria-describedby': undefined,
							'aria-invalid': undefined,
							'aria-required': undefined,
							disabled: busy,
							onBlur: () => undefined,
						}}
						label={t('registry.shift.exceptAdd')}
						today={today}
						value={added}
						onChange={add}
					/>
					<ul className="excepts">
						{except.map((day) => (
							<li key={day}>
								{formatShortDay(day, language)}
								<button
									type="button"
									className="quiet-button"
									disabled={busy}
									aria-label={t('registry.shift.exceptRemove', { day: formatShortDay(day, language) })}
									onClick={() => set({ except: except.filter((one) => one !== day) })}
								>
									✕
								</button>
							</li>
						))}
					</ul>
				</div>
			</div>
		</FormSection>
	);
}

/** What saving would collide with, as far as it can be known here. */
function Warnings({
	editor,
	record,
	today,
	resources,
}: {
	editor: Editor<ShiftDraft>;
	record: Shift | null;
	today: string;
	resources: Resources;
}) {
	const { t, language } = useTexts();
	const { draft, dirty } = editor;
	const found = useMemo(() => {
		const parsed = shiftBody.safeParse(shiftBodyOf(draft));
		return parsed.success && (dirty || record === null) ? checkShift(parsed.data, record?.id ?? null, resources, today) : [];
	}, [draft, dirty, record, resources, today]);
	if (found.length === 0) return null;
	return (
		<div className="shift-warnings" data-testid="shift-warnings">
			<p>{t('registry.resources.before')}</p>
			<ul>
				{found.map(({ kind, staff, days, minutes }, index) => (
					<li key={index} data-conflict={kind}>
						<StateMark kind="warn" />{' '}
						{t(`registry.conflict.${kind}.text`, {
							staff: staff === null ? t('registry.shift.crew') : nameText(staff.name),
							vehicle: vehicleName(draft.vehicle ?? '', resources.fleet),
							doctor: '',
							minutes: minutes ?? 0,
						})}{' '}
						{days.length > 0 && (
							<span className="quiet">
								{formatShortDay(days[0]!, language)}
								{days.length > 1 && ` ${t('registry.shift.moreDays', { count: days.length - 1 })}`}
							</span>
						)}
					</li>
				))}
			</ul>
		</div>
	);
}

/** The same crew, days of the week and hours in other weeks, as a shift of its own. */
function CopyShift({ record, today, doings }: { record: Shift; today: string } & Pick<Props, 'doings'>) {
	const { t, language } = useTexts();
	const { saved, dropped } = useRecordChanges();
	const after = addDays(mondayOf(record.until > today ? record.until : today), 7);
	const [from, setFrom] = useState(after);
	const [weeks, setWeeks] = useState('1');
	const count = Number(weeks.normalize('NFKC'));
	const possible = /^\d{4}-\d{2}-\d{2}$/.test(from) && Number.isInteger(count) && count >= 1 && count <= 52;
	const copy = async () => {
		const { id: _id, version: _version, updated: _updated, updatedBy: _by, ...body } = record;
		const first = mondayOf(from);
		const last = addDays(first, count * 7 - 1);
		try {
			const kept = await registryApi.create('shift', { ...body, from: first, until: last, except: [] });
			saved('shift', kept);
			doings.did({
				text: t('registry.shift.copied', { from: formatDate(first, language), until: formatDate(last, language) }),
				undo: async () => {
					await registryApi.remove('shift', kept.id, kept.version);
					dropped('shift', kept.id);
				},
			});
		} catch {
			doings.did({ text: t('registry.failure.refused') });
		}
	};
	return (
		<FormSection title={t('registry.shift.copy')}>
			<p className="form-hint">{t('registry.shift.copyHint')}</p>
			<DateField name="copy.from" label={t('registry.shift.copyFrom')} today={today} value={from} onChange={setFrom} />
			<NumberField
				name="copy.weeks"
				label={t('registry.shift.copyWeeks')}
				unit={t('registry.shift.weeks')}
				value={weeks}
				onChange={setWeeks}
			/>
			<button type="button" className="copy-button" disabled={!possible} onClick={() => void copy()}>
				{t('registry.shift.copyDo')}
			</button>
		</FormSection>
	);
}

function useShiftWords({ fleet, staff }: Resources) {
	const { t, language } = useTexts();
	return useCallback(
		(key: keyof ShiftDraft, draft: ShiftDraft): { label: string; value: string } => {
			const none = t('registry.form.none');
			const person = (id: number | null) => {
				const member = staff.find((one) => one.id === id);
				return member === undefined ? none : nameText(member.name);
			};
			switch (key) {
				case 'vehicle':
					return { label: t('registry.shift.vehicle'), value: draft.vehicle === null ? none : vehicleName(draft.vehicle, fleet) };
				case 'driver':
				case 'nurse':
					return { label: t(`registry.shift.${key}`), value: person(draft[key]) };
				case 'days':
					return {
						label: t('registry.shift.days'),
						value: t('registry.requests.days', {
							from: formatDate(draft.days.from, language),
							until: formatDate(draft.days.until, language),
						}),
					};
				case 'weekdays':
					return { label: t('registry.shift.weekdays'), value: draft.weekdays.map((day) => weekdayName(day, language)).join('、') };
				case 'except':
					return {
						label: t('registry.shift.except'),
						value: draft.except.map((day) => formatShortDay(day, language)).join('、') || none,
					};
				case 'hours':
					return { label: t('registry.shift.hours'), value: draft.hours.join('–') };
				case 'rest':
					return {
						label: t('registry.shift.rest'),
						value: `${draft.rest.minutes} ${t('registry.request.minutesUnit')} ${draft.rest.between.join('–')}`,
					};
				case 'surge':
					return { label: t('registry.shift.surge'), value: draft.surge ? t('registry.shift.surgeTick') : none };
			}
		},
		[t, language, fleet, staff],
	);
}
