/** Find anything by a few letters, and go there by the keys alone. */
import { useCombobox } from 'downshift';
import { useState } from 'react';
import { useTexts } from '../../../shared/i18n/index.ts';
import { find, type Found } from './find.ts';
import { Modal } from './modal.tsx';
import { usePaletteSources } from './palette-sources.ts';

interface Props {
	onClose: () => void;
	onHelp: () => void;
}

export default function Palette({ onClose, onHelp }: Props) {
	const { t } = useTexts();
	const [text, setText] = useState('');
	const { all, go, searching } = usePaletteSources(text, onHelp);
	const items = find(all, text);
	const { getInputProps, getMenuProps, getItemProps, getLabelProps, highlightedIndex } = useCombobox<Found>({
		items,
		inputValue: text,
		isOpen: true,
		defaultHighlightedIndex: 0,
		itemToString: (item) => item?.label ?? '',
		itemToKey: (item) => item?.key,
		stateReducer: (state, { changes, type }) => {
			const types = useCombobox.stateChangeTypes;
			if (type === types.InputChange) return { ...changes, highlightedIndex: 0 };
			// Leaving the field chooses nothing: only Enter and a click do.
			return type === types.InputBlur ? { ...changes, selectedItem: state.selectedItem } : changes;
		},
		onSelectedItemChange: ({ selectedItem }) => {
			if (selectedItem === null) return;
			onClose();
			go(selectedItem);
		},
	});
	return (
		<Modal title={t('shell.find.title')} quiet className="palette" onClose={onClose}>
			<label className="visually-hidden" {...getLabelProps()}>
				{t('shell.find.label')}
			</label>
			<input
				{...getInputProps({
					autoFocus: true,
					// Not by the hook's own event, which comes too late for a field that is drawn from its value.
					onChange: (event) => setText(event.currentTarget.value),
					placeholder: t('shell.find.placeholder'),
					spellCheck: false,
					autoComplete: 'off',
					// Downshift would empty the field first: one Escape closes.
					onKeyDown: (event) => {
						if (event.key !== 'Escape') return;
						event.currentTarget.closest('dialog')?.close();
						(event.nativeEvent as { preventDownshiftDefault?: boolean }).preventDownshiftDefault = true;
					},
				})}
			/>
			<ul {...getMenuProps({ 'aria-label': t('shell.find.title') })} className="palette-list">
				{items.map((item, index) => (
					<Item
						key={item.key}
						item={item}
						first={items[index - 1]?.kind !== item.kind}
						props={getItemProps({ item, index })}
						highlighted={index === highlightedIndex}
					/>
				))}
			</ul>
			<p className="palette-note" role="status">
				{items.length === 0 ? t(searching ? 'shell.find.searching' : 'shell.find.none', { text }) : t('shell.find.keys')}
			</p>
		</Modal>
	);
}

interface ItemProps {
	item: Found;
	/** The first of its kind says which kind that is. */
	first: boolean;
	props: object;
	highlighted: boolean;
}

function Item({ item, first, props, highlighted }: ItemProps) {
	const { t } = useTexts();
	return (
		<li {...props} className={highlighted ? 'palette-item palette-highlighted' : 'palette-item'} data-key={item.key}>
			<span className={first ? 'palette-kind' : 'palette-kind palette-kind-same'}>{t(`shell.find.kind.${item.kind}`)}</span>
			<span className="palette-label">{item.label}</span>
			<small>{item.detail}</small>
		</li>
	);
}
