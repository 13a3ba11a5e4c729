/**
 * Plan and record of the rounds for a period, as an operator keeps it. What the records do not know is a marked blank; nothing is made
 * up. It follows the items of the ministry's notices as we read them; it is no official form.
 */
import type { ReactNode } from 'react';
import type { OperatorReport } from '@junkai/contracts';
import { formatDateTime, formatTime } from '../../../shared/i18n/format.ts';
import { formatShortDay } from '../../../shared/records/dates.ts';
import { classWords, dayWord, equipmentWords, needWord, roleWords, specialtyWords } from './words.ts';

const fees = '患者の負担（診療料・交通費等の別と額）';

export function OperatorDocument({ report }: { report: OperatorReport }) {
	const { totals } = report;
	return (
		<article className="sheet document" lang="ja" data-sheet="operator">
			<header className="document-head">
				<h2>巡回診療　実施計画書・実施状況</h2>
				<p>
					{dayWord(report.from)} ～ {dayWord(report.until)}
				</p>
			</header>
			<p className="document-warning">
				この書類は提出様式ではありません。内容と様式は、実施者の責任で{report.region.ja}の定めと照らし合わせてください。
				<span className="fill-in-sample">　　　　</span> は記録にないため記入が必要な欄です。
			</p>
			<Part number={1} title="実施者">
				<table className="document-table document-blanks">
					<tbody>
						<Blank word="実施者（病院・診療所）の名称" />
						<Blank word="開設者の氏名・名称" />
						<Blank word="管理者の氏名" />
						<Blank word="所在地・電話" />
						<Blank word="巡回診療の責任者（医師）" />
					</tbody>
				</table>
			</Part>
			<Part number={2} title="実施の概要">
				<table className="document-table document-totals">
					<thead>
						<tr>
							<th scope="col">実施日数</th>
							<th scope="col">患者数（実人数）</th>
							<th scope="col">計画・実施した訪問</th>
							<th scope="col">うち実施済</th>
							<th scope="col">できなかった</th>
							<th scope="col">取消</th>
							<th scope="col">日程未定の依頼</th>
						</tr>
					</thead>
					<tbody>
						<tr>
							<td>{totals.days}日</td>
							<td>{totals.patients}人</td>
							<td>{totals.planned}件</td>
							<td>{totals.done}件</td>
							<td>{totals.notDone}件</td>
							<td>{totals.cancelled}件</td>
							<td>{totals.open}件</td>
						</tr>
					</tbody>
				</table>
			</Part>
			<Part number={3} title="実施場所と日時">
				<Places report={report} />
			</Part>
			<Part number={4} title="診療の内容">
				<table className="document-table">
					<thead>
						<tr>
							<th scope="col">内容</th>
							<th scope="col">計画・実施</th>
							<th scope="col">うち実施済</th>
							<th scope="col">医師が遠隔で診察</th>
						</tr>
					</thead>
					<tbody>
						{report.services.map(({ need, planned, done, withDoctor }) => (
							<tr key={need}>
								<th scope="row">{needWord(need)}</th>
								<td>{planned}件</td>
								<td>{done}件</td>
								<td>{withDoctor}件</td>
							</tr>
						))}
						{report.services.length === 0 && <Nothing columns={4} />}
					</tbody>
				</table>
			</Part>
			<Part number={5} title="使用する車両と設備">
				<table className="document-table">
					<thead>
						<tr>
							<th scope="col">車両</th>
							<th scope="col">種別</th>
							<th scope="col">設備</th>
							<th scope="col">拠点</th>
							<th scope="col">登録番号</th>
							<th scope="col">使用日数</th>
						</tr>
					</thead>
					<tbody>
						{report.vehicles.map((one) => (
							<tr key={one.vehicle}>
								<th scope="row">{one.name}</th>
								<td>{classWords[one.class]}</td>
								<td>{one.equipment.map((kind) => equipmentWords[kind]).join('・') || '標準'}</td>
								<td>{one.base}</td>
								<td className="fill-in-cell" />
								<td>{one.days}日</td>
							</tr>
						))}
						{report.vehicles.length === 0 && <Nothing columns={6} />}
					</tbody>
				</table>
			</Part>
			<Part number={6} title="従事者">
				<People report={report} />
			</Part>
			<Part number={7} title="急変時の対応・費用など">
				<table className="document-table document-blanks">
					<tbody>
						<Blank word="急変時に受け入れる医療機関（事前の合意）" />
						<Blank word="急変時の連絡と搬送の手順" />
						<Blank word={fees} />
						<Blank word="診療録の保管場所と責任者" />
						<Blank word="オンライン診療に係る届出の年月日" />
					</tbody>
				</table>
			</Part>
			<footer className="document-sources">
				<p>作成 {formatDateTime(report.made, 'ja')}　巡回（Junkai）の記録による</p>
				<p>
					参考：医政総発0518第1号（令和5年5月18日）、医政総発0116第2号（令和6年1月16日）、改正医療法（令和7年12月12日公布、オンライン診療に係る部分は令和8年4月1日施行）、厚生労働省の審議会資料（令和8年1月26日。巡回診療車等は3～6か月ごとの計画）。最新の通知は提出前に確認すること。
				</p>
			</footer>
		</article>
	);
}

function Part({ number, title, children }: { number: number; title: string; children: ReactNode }) {
	return (
		<section className="document-part">
			<h3>
				{number}　{title}
			</h3>
			{children}
		</section>
	);
}

const Blank = ({ word }: { word: string }) => (
	<tr>
		<th scope="row">{word}</th>
		<td className="fill-in-cell" aria-label={`${word}：記入欄`} />
	</tr>
);

const Nothing = ({ columns }: { columns: number }) => (
	<tr>
		<td colSpan={columns}>記録なし</td>
	</tr>
);

function Places({ report }: { report: OperatorReport }) {
	return (
		<table className="document-table document-places">
			<thead>
				<tr>
					<th scope="col">市町村・地区</th>
					<th scope="col">場所</th>
					<th scope="col">日時（車両）</th>
					<th scope="col">訪問</th>
					<th scope="col">済</th>
					<th scope="col">未定</th>
				</tr>
			</thead>
			<tbody>
				{report.places.map(({ municipality, name, stop, dates, open }, i) => (
					<tr key={i}>
						<th scope="row">
							{municipality.ja} {name}
						</th>
						<td>{stop === null ? '患者宅' : stop === '' ? <span className="fill-in">　　　　　　</span> : stop}</td>
						<td>
							{dates.map(({ date, from, to, vehicles }) => (
								<span key={date} className="document-date">
									{formatShortDay(date, 'ja')} {formatTime(from)}～{formatTime(to)}（
									{vehicles.map((id) => vanName(report, id)).join('・')}）
								</span>
							))}
							{dates.length === 0 && '未定'}
						</td>
						<td>{dates.reduce((sum, { visits }) => sum + visits, 0)}</td>
						<td>{dates.reduce((sum, { done }) => sum + done, 0)}</td>
						<td>{open}</td>
					</tr>
				))}
				{report.places.length === 0 && <Nothing columns={6} />}
			</tbody>
		</table>
	);
}

const vanName = ({ vehicles }: OperatorReport, id: string): string => vehicles.find(({ vehicle }) => vehicle === id)?.name ?? id;

function People({ report }: { report: OperatorReport }) {
	return (
		<>
			<table className="document-table">
				<thead>
					<tr>
						<th scope="col">医師</th>
						<th scope="col">診療科</th>
						<th scope="col">所属</th>
						<th scope="col">期間中の診察</th>
					</tr>
				</thead>
				<tbody>
					{report.doctors.map(({ name, specialties, institution, outside, consults }, i) => (
						<tr key={i}>
							<th scope="row">{name.ja}</th>
							<td>{specialties.map((one) => specialtyWords[one]).join('・')}</td>
							<td>
								{institution === '' ? <span className="fill-in">　　　　　　</span> : institution}
								{outside && '（県外・地域外）'}
							</td>
							<td>{consults}件</td>
						</tr>
					))}
					{report.doctors.length === 0 && <Nothing columns={4} />}
				</tbody>
			</table>
			<table className="document-table">
				<thead>
					<tr>
						<th scope="col">看護師・運転者</th>
						<th scope="col">職務</th>
						<th scope="col">拠点</th>
						<th scope="col">資格・免許番号</th>
					</tr>
				</thead>
				<tbody>
					{report.staff.map(({ name, roles, base }, i) => (
						<tr key={i}>
							<th scope="row">{name}</th>
							<td>{roles.map((role) => roleWords[role]).join('・')}</td>
							<td>{base}</td>
							<td className="fill-in-cell" />
						</tr>
					))}
					{report.staff.length === 0 && <Nothing columns={4} />}
				</tbody>
			</table>
		</>
	);
}
