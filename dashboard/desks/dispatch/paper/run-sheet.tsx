/** A4: a van's day, stop after stop, for the crew that drives it. */
import type { DaySheets, VehicleSheet } from '@junkai/contracts';
import type { Region } from '../../../shared/api/rest.ts';
import { formatDistance, formatTime } from '../../../shared/i18n/format.ts';
import { Sketch } from './sketch.tsx';
import { SheetFoot, SheetThead } from './sheet-parts.tsx';
import { dayWord, equipmentWords, minutesWord, needWord, sexWords, signalWords, stopWords } from './words.ts';

type Stop = VehicleSheet['stops'][number];

export function RunSheet({ sheet, day, region }: { sheet: VehicleSheet; day: DaySheets; region: Region | null }) {
	const visits = sheet.stops.reduce((sum, stop) => sum + stop.visits.length, 0);
	let number = 0;
	return (
		<article className="sheet" lang="ja" data-sheet={sheet.vehicle}>
			<header className="sheet-head">
				<h2>運行表　{sheet.name}</h2>
				<p className="sheet-day">{dayWord(day.date)}</p>
				<dl>
					<Person word="運転" person={sheet.driver} />
					<Person word="看護" person={sheet.nurse} />
					<div>
						<dt>訪問</dt>
						<dd>
							{visits}件・{formatDistance(sheet.distance)}
						</dd>
					</div>
					<div>
						<dt>機器</dt>
						<dd>{sheet.equipment.map((kind) => equipmentWords[kind]).join('・') || '標準'}</dd>
					</div>
				</dl>
			</header>
			<Sketch sheet={sheet} region={region} />
			<table className="sheet-stops">
				<colgroup>
					<col style={{ width: '26mm' }} />
					<col />
					<col style={{ width: '44mm' }} />
					<col style={{ width: '36mm' }} />
				</colgroup>
				<SheetThead columns={4} words={`${sheet.name}　${dayWord(day.date)}`}>
					<tr>
						<th scope="col">時刻</th>
						<th scope="col">場所・患者</th>
						<th scope="col">内容・医師</th>
						<th scope="col">実績</th>
					</tr>
				</SheetThead>
				{sheet.stops.map((stop, i) => (
					<StopRows key={i} stop={stop} number={stop.kind === 'visits' ? ++number : null} />
				))}
			</table>
			<section className="sheet-end">
				<p>特記事項</p>
				<div className="sheet-blank" />
				<dl className="sheet-signs">
					<div>
						<dt>運転者</dt>
						<dd />
					</div>
					<div>
						<dt>看護師</dt>
						<dd />
					</div>
					<div>
						<dt>運行管理</dt>
						<dd />
					</div>
				</dl>
			</section>
			<SheetFoot day={day} />
		</article>
	);
}

function Person({ word, person }: { word: string; person: VehicleSheet['driver'] }) {
	return (
		<div>
			<dt>{word}</dt>
			<dd>{person === null ? <span className="fill-in">　　　　　　</span> : `${person.name}　${person.phone ?? ''}`}</dd>
		</div>
	);
}

function StopRows({ stop, number }: { stop: Stop; number: number | null }) {
	const weak = stop.gaps.map(({ name, state }) => `${name.ja}（${state === 'none' ? '圏外' : '弱い'}）`);
	return (
		<tbody data-kind={stop.kind}>
			<tr className="sheet-stop">
				<td>
					{formatTime(stop.arrival)}
					{stop.departure > stop.arrival && <>～{formatTime(stop.departure)}</>}
				</td>
				<td colSpan={2}>
					<b>
						{number !== null && <span className="sheet-number">{number}</span>}
						{number === null ? `${stopWords[stop.kind]}　` : ''}
						{stop.municipality === null ? '' : `${stop.municipality.ja} `}
						{stop.name.ja}
					</b>
					{stop.meetingPoint && <strong className="sheet-mark">集合場所：患者がここに来る（自宅は圏外）</strong>}
					<small>
						{stop.distance > 0 && `${formatDistance(stop.distance)}・${minutesWord(stop.drive)}`}
						{stop.kind === 'visits' && stop.signal !== null && `　${signalWords[stop.signal]}`}
						{weak.length > 0 && `　途中：${weak.join('、')}`}
					</small>
				</td>
				<td className="sheet-times">
					{stop.kind === 'visits' && (
						<>
							着<span className="fill-in">　　：　　</span>
							<br />発<span className="fill-in">　　：　　</span>
						</>
					)}
				</td>
			</tr>
			{stop.visits.map((visit) => (
				<VisitRow key={visit.visit} visit={visit} />
			))}
		</tbody>
	);
}

function VisitRow({ visit: { patient, visit, from, need, consult, equipment, note } }: { visit: Stop['visits'][number] }) {
	return (
		<tr className="sheet-visit">
			<td>{formatTime(from)}</td>
			<td>
				{patient === null ? (
					<strong>訪問 {visit}：患者の記録がありません。運行管理に確認してください。</strong>
				) : (
					<>
						<b>
							{patient.name.family} {patient.name.given}
						</b>
						{patient.kana && `（${patient.kana.family} ${patient.kana.given}）`}　{patient.age}歳 {sexWords[patient.sex]}
						<br />
						{patient.phone ?? '電話なし'}　{patient.address}
						{patient.contact && (
							<>
								<br />
								連絡先 {patient.contact.name} {patient.contact.phone}
							</>
						)}
						{patient.note !== '' && (
							<>
								<br />※{patient.note}
							</>
						)}
					</>
				)}
			</td>
			<td>
				{needWord(need)}
				{equipment.length > 0 && `（${equipment.map((kind) => equipmentWords[kind]).join('・')}）`}
				{consult && (
					<>
						<br />
						<b>
							{formatTime(consult.from)} {consult.name.ja}医師
						</b>
					</>
				)}
				{note !== '' && (
					<>
						<br />※{note}
					</>
				)}
			</td>
			<td className="sheet-done">□ 済　□ 否</td>
		</tr>
	);
}
