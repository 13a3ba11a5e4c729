/** One of many: typed at, narrowed as one types, walked with the arrow keys. */
import { useMemo, useState, type ReactNode } from 'react';
import { useCombobox } from 'downshift';
import { useTexts } from '../i18n/index.ts';
import { Field, type ControlProps } from './form.tsx';

export interface SearchOption<V extends string | number> {
	value: V;
	text: string;
	/** Said smaller, behind the text. */
	detail?: string;
	/** Further words by which it is found. */
	also?: string;
}

interface Props<V extends string | number> {
	name: string;
	label: string;
	hint?: ReactNode;
	required?: boolean;
	options: readonly SearchOption<V>[];
	value: V | null;
	onChange: (value: V | null) => void;
	placeholder?: string;
	/** What the empty list says, and what else one can do. */
	none?: ReactNode;
}

/** More of them are not shown: one types on. */
const most = 40;

/** One way of writing for all of them: width, case, hiragana as katakana, no spaces or hyphens. */
export const foldText = (text: string): string =>
	text
		.normalize('NFKC')
		.toLowerCase()
		.replace(/[\u3041-\u3096]/g, (c) => String.fromCodePoint(c.codePointAt(0)! + 0x60))
		.replace(/[\s\-・、,.]/g, '');

export function SearchSelect<V extends string | number>({ options, value, onChange, placeholder, none, ...common }: Props<V>) {
	return (
		<Field {...common}>
			{(control) => (
				<Combobox control={control} options={options} value={value} onChange={onChange} placeholder={placeholder} none={none} />
			)}
		</Field>
	);
}

interface ComboboxProps<V extends string | number> {
	control: ControlProps;
	options: readonly SearchOption<V>[];
	value: V | null;
	onChange: (value: V | null) => void;
	placeholder?: string | undefined;
	none?: ReactNode;
}

function Combobox<V extends string | number>({ control, options, value, onChange, placeholder, none }: ComboboxProps<V>) {
	const { t } = useTexts();
	const chosen = options.find((option) => option.value === value) ?? null;
	const [text, setText] = useState<string | null>(null);
	const folded = useMemo(
		() => options.map((option) => ({ option, key: foldText(`${option.text} ${option.also ?? ''} ${option.detail ?? ''}`) })),
		[options],
	);
	const found = useMemo(() => {
		const wanted = foldText(text ?? '');
		return folded.flatMap(({ option, key }) => (key.includes(wanted) ? [option] : [])).slice(0, most);
	}, [folded, text]);
	const { isOpen, getInputProps, getMenuProps, getItemProps, getToggleButtonProps, highlightedIndex } = useCombobox<
		SearchOption<V>
	>({
		items: found,
		inputId: control.id,
		itemToString: (item) => item?.text ?? '',
		itemToKey: (item) => item?.value ?? null,
		selectedItem: chosen,
		inputValue: text ?? chosen?.text ?? '',
		onInputValueChange: ({ inputValue, type }) => {
			if (type === useCombobox.stateChangeTypes.InputChange) setText(inputValue);
		},
		onSelectedItemChange: ({ selectedItem }) => {
			setText(null);
			onChange(selectedItem?.value ?? null);
		},
		onIsOpenChange: ({ isOpen: open }) => {
			if (open) return;
			// What was typed but not chosen is not kept: the field shows what holds. Emptied means none.
			if (text !== null && text.trim() === '') onChange(null);
			setText(null);
		},
	});
	const { onBlur, ...rest } = control;
	return (
		<span className="search-select">
			<input
				{...getInputProps({
					...rest,
					'aria-labelledby': `${control.id}-label`,
					placeholder,
					autoComplete: 'off',
					onBlur,
					onFocus: (event) => event.currentTarget.select(),
				})}
			/>
			<button type="button" {...getToggleButtonProps({ 'aria-label': t('registry.form.openList'), disabled: control.disabled })}>
				<span aria-hidden="true">▾</span>
			</button>
			<ul {...getMenuProps({ 'aria-labelledby': `${control.id}-label` })} className={isOpen ? 'search-list' : 'search-list closed'}>
				{isOpen &&
					found.map((option, index) => (
						<li
							key={option.value}
							className={index === highlightedIndex ? 'at' : undefined}
							{...getItemProps({ item: option, index })}
						>
							<span>{option.text}</span>
							{option.detail !== undefined && <small>{option.detail}</small>}
						</li>
					))}
				{isOpen && found.length === 0 && (
					<li role="option" aria-disabled="true" aria-selected="false" className="search-none">
						{none ?? t('registry.form.noneFound')}
					</li>
				)}
			</ul>
		</span>
	);
}
