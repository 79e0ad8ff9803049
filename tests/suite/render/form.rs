//! The statutory form filled with figures, as tables with spans and the text around them.

use super::figures::Figures;

/// Which cell of the report a printed cell is: category, and column 0 to 6 in table 3.
pub type Slot = (&'static str, Option<usize>);

/// A cell as it is printed.
#[derive(Clone, Debug)]
pub struct Cell {
    pub text: String,
    pub rows: usize,
    pub columns: usize,
    /// Set where the cell holds a figure.
    pub slot: Option<Slot>,
}

/// A table: every row holds the cells that begin in it.
#[derive(Clone, Debug)]
pub struct Table {
    pub rows: Vec<Vec<Cell>>,
}

/// A piece of a report.
#[derive(Clone, Debug)]
pub enum Piece {
    Line(String),
    Table(Table),
}

fn label(text: &str) -> Cell {
    spanning(text, 1, 1)
}

fn spanning(text: &str, rows: usize, columns: usize) -> Cell {
    Cell { text: text.to_owned(), rows, columns, slot: None }
}

fn figure(text: impl ToString, category: &'static str) -> Cell {
    Cell { slot: Some((category, None)), ..label(&text.to_string()) }
}

/// Hundredths as an amount.
fn amount(hundredths: u64) -> String {
    if hundredths.is_multiple_of(100) {
        (hundredths / 100).to_string()
    } else {
        format!("{}.{:02}", hundredths / 100, hundredths % 100).trim_end_matches('0').to_owned()
    }
}

/// The report.
pub fn pieces(figures: &Figures) -> Vec<Piece> {
    let Figures { body, year, .. } = figures;
    let line = |text: String| Piece::Line(text);
    vec![
        line(format!("{body}人民政府{year}年政府信息公开工作年度报告")),
        line(format!("本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。")),
        line("一、总体情况".to_owned()),
        line("本年度按照条例要求开展政务公开工作，主动公开与依申请公开有序推进。".to_owned()),
        line("二、主动公开政府信息情况".to_owned()),
        Piece::Table(if figures.old { proactive_2019(figures) } else { proactive_2021(figures) }),
        line("三、收到和处理政府信息公开申请情况".to_owned()),
        Piece::Table(requests(figures)),
        line("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况".to_owned()),
        Piece::Table(cases(figures)),
        line("五、政府信息公开工作存在的主要问题及改进情况".to_owned()),
        line("公开的深度仍需加强，下一步将完善制度、加强培训。".to_owned()),
        line("六、其他需要报告的事项".to_owned()),
        line("无其他需要报告的事项。".to_owned()),
    ]
}

fn article(text: &str) -> Vec<Cell> {
    vec![spanning(&format!("第二十条第（{text}）项"), 1, 4)]
}

fn proactive_2021(figures: &Figures) -> Table {
    let head = |text: &str| vec![label("信息内容"), spanning(text, 1, 3)];
    let wide = |name: &str, text: String, category: &'static str| {
        vec![label(name), Cell { columns: 3, ..figure(text, category) }]
    };
    let three = |name: &str, values: [u64; 3], ids: [&'static str; 3]| {
        let mut row = vec![label(name)];
        row.extend(values.iter().zip(ids).map(|(value, id)| figure(value, id)));
        row
    };
    let regulations =
        ["proactive.regulations.issued", "proactive.regulations.repealed", "proactive.regulations.in_force"];
    let normative = [
        "proactive.normative_documents.issued",
        "proactive.normative_documents.repealed",
        "proactive.normative_documents.in_force",
    ];
    let decisions = |index: usize| figures.decisions[index][2].to_string();
    Table {
        rows: vec![
            article("一"),
            ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"].map(label).to_vec(),
            three("规章", figures.documents[0], regulations),
            three("行政规范性文件", figures.documents[1], normative),
            article("五"),
            head("本年处理决定数量"),
            wide("行政许可", decisions(0), "proactive.licences.decisions"),
            article("六"),
            head("本年处理决定数量"),
            wide("行政处罚", decisions(2), "proactive.penalties.decisions"),
            wide("行政强制", decisions(3), "proactive.coercion.decisions"),
            article("八"),
            head("本年收费金额（单位：万元）"),
            wide("行政事业性收费", amount(figures.fees.2), "proactive.fees.amount"),
        ],
    }
}

fn proactive_2019(figures: &Figures) -> Table {
    let head = || ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"].map(label).to_vec();
    let signed = |value: i64| if value > 0 && value % 3 == 0 { format!("+{value}") } else { value.to_string() };
    let items = |name: &str, values: [i64; 3], ids: [&'static str; 3]| {
        let texts = [values[0].to_string(), signed(values[1]), values[2].to_string()];
        let mut row = vec![label(name)];
        row.extend(texts.into_iter().zip(ids).map(|(text, id)| figure(text, id)));
        row
    };
    let documents = |name: &str, values: [u64; 3], ids: [&'static str; 3]| {
        let mut row = vec![label(name)];
        row.extend(values.into_iter().zip(ids).map(|(value, id)| figure(value, id)));
        row
    };
    let ids = |stem: [&'static str; 3]| stem;
    Table {
        rows: vec![
            article("一"),
            ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"].map(label).to_vec(),
            documents(
                "规章",
                figures.documents[0],
                ids([
                    "proactive.regulations.issued",
                    "proactive.regulations.newly_published",
                    "proactive.regulations.published_total",
                ]),
            ),
            documents(
                "规范性文件",
                figures.documents[1],
                ids([
                    "proactive.normative_documents.issued",
                    "proactive.normative_documents.newly_published",
                    "proactive.normative_documents.published_total",
                ]),
            ),
            article("五"),
            head(),
            items(
                "行政许可",
                figures.decisions[0],
                ids([
                    "proactive.licences.items_prior",
                    "proactive.licences.items_change",
                    "proactive.licences.decisions",
                ]),
            ),
            items(
                "其他对外管理服务事项",
                figures.decisions[1],
                ids([
                    "proactive.other_services.items_prior",
                    "proactive.other_services.items_change",
                    "proactive.other_services.decisions",
                ]),
            ),
            article("六"),
            head(),
            items(
                "行政处罚",
                figures.decisions[2],
                ids([
                    "proactive.penalties.items_prior",
                    "proactive.penalties.items_change",
                    "proactive.penalties.decisions",
                ]),
            ),
            items(
                "行政强制",
                figures.decisions[3],
                ids([
                    "proactive.coercion.items_prior",
                    "proactive.coercion.items_change",
                    "proactive.coercion.decisions",
                ]),
            ),
            article("八"),
            vec![label("信息内容"), label("上一年项目数量"), spanning("本年增/减", 1, 2)],
            vec![
                label("行政事业性收费"),
                figure(figures.fees.0, "proactive.fees.items_prior"),
                Cell { columns: 2, ..figure(signed(figures.fees.1), "proactive.fees.items_change") },
            ],
            article("九"),
            vec![label("信息内容"), label("采购项目数量"), spanning("采购总金额（单位：万元）", 1, 2)],
            vec![
                label("政府集中采购"),
                figure(figures.procurement.0, "proactive.procurement.projects"),
                Cell { columns: 2, ..figure(amount(figures.procurement.1), "proactive.procurement.amount") },
            ],
        ],
    }
}

/// Group, label and category of a row of table 3.
type Row = (Option<(&'static str, usize)>, &'static str, &'static str);

const COMMON: &[Row] = &[
    (None, "（一）予以公开", "outcome.granted"),
    (None, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "outcome.partial"),
    (Some(("（三）不予公开", 8)), "1.属于国家秘密", "outcome.refused.state_secret"),
    (None, "2.其他法律行政法规禁止公开", "outcome.refused.prohibited_by_law"),
    (None, "3.危及“三安全一稳定”", "outcome.refused.security_stability"),
    (None, "4.保护第三方合法权益", "outcome.refused.third_party"),
    (None, "5.属于三类内部事务信息", "outcome.refused.internal_affairs"),
    (None, "6.属于四类过程性信息", "outcome.refused.process"),
    (None, "7.属于行政执法案卷", "outcome.refused.enforcement_file"),
    (None, "8.属于行政查询事项", "outcome.refused.administrative_query"),
    (Some(("（四）无法提供", 3)), "1.本机关不掌握相关政府信息", "outcome.unavailable.not_held"),
    (None, "2.没有现成信息需要另行制作", "outcome.unavailable.needs_creation"),
    (None, "3.补正后申请内容仍不明确", "outcome.unavailable.unclear"),
    (Some(("（五）不予处理", 5)), "1.信访举报投诉类申请", "outcome.not_processed.petition"),
    (None, "2.重复申请", "outcome.not_processed.repeat"),
    (None, "3.要求提供公开出版物", "outcome.not_processed.publication"),
    (None, "4.无正当理由大量反复申请", "outcome.not_processed.excessive"),
    (None, "5.要求行政机关确认或重新出具已获取信息", "outcome.not_processed.reconfirm"),
];

const OTHER_2019: &[Row] = &[(None, "（六）其他处理", "outcome.other")];

const OTHER_2021: &[Row] = &[
    (
        Some(("（六）其他处理", 3)),
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "outcome.other.no_correction",
    ),
    (None, "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "outcome.other.fee_unpaid"),
    (None, "3.其他", "outcome.other.residual"),
];

fn requests(figures: &Figures) -> Table {
    let mut rows = vec![
        vec![
            spanning("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3),
            spanning("申请人情况", 1, 7),
        ],
        vec![spanning("自然人", 2, 1), spanning("法人或其他组织", 1, 5), spanning("总计", 2, 1)],
        ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"].map(label).to_vec(),
    ];
    let values = |category: &'static str, values: &[u64; 7]| -> Vec<Cell> {
        let figures = values.iter().enumerate();
        figures
            .map(|(column, value)| Cell { slot: Some((category, Some(column))), ..figure(value, category) })
            .collect()
    };
    let outer = |text: &str, category: &'static str, row: &[u64; 7]| {
        let mut cells = vec![spanning(text, 1, 3)];
        cells.extend(values(category, row));
        cells
    };
    let other = if figures.old { OTHER_2019 } else { OTHER_2021 };
    let outcomes: Vec<Row> = COMMON.iter().chain(other).copied().collect();
    rows.push(outer("一、本年新收政府信息公开申请数量", "requests.new", &figures.requests[0]));
    rows.push(outer("二、上年结转政府信息公开申请数量", "requests.carried_in", &figures.requests[1]));
    let mut left_in_group = 0;
    for (index, (group, name, category)) in outcomes.iter().enumerate() {
        let mut cells = Vec::new();
        if index == 0 {
            cells.push(spanning("三、本年度办理结果", outcomes.len() + 1, 1));
        }
        if let Some((group, rows)) = group {
            cells.push(spanning(group, *rows, 1));
            left_in_group = *rows;
        }
        cells.push(spanning(name, 1, if left_in_group > 0 { 1 } else { 2 }));
        left_in_group = left_in_group.saturating_sub(1);
        cells.extend(values(category, &figures.requests[index + 2]));
        rows.push(cells);
    }
    let last = figures.requests.len() - 2;
    let mut total = vec![spanning("（七）总计", 1, 2)];
    total.extend(values("outcome.total", &figures.requests[last]));
    rows.push(total);
    rows.push(outer("四、结转下年度继续办理", "requests.carried_out", &figures.requests[last + 1]));
    Table { rows }
}

fn cases(figures: &Figures) -> Table {
    const RESULTS: [&str; 5] = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"];
    const IDS: [[&str; 5]; 3] = [
        ["review.upheld", "review.corrected", "review.other", "review.pending", "review.total"],
        [
            "litigation.direct.upheld",
            "litigation.direct.corrected",
            "litigation.direct.other",
            "litigation.direct.pending",
            "litigation.direct.total",
        ],
        [
            "litigation.after_review.upheld",
            "litigation.after_review.corrected",
            "litigation.after_review.other",
            "litigation.after_review.pending",
            "litigation.after_review.total",
        ],
    ];
    let mut second: Vec<Cell> = RESULTS.iter().map(|text| spanning(text, 2, 1)).collect();
    second.extend([spanning("未经复议直接起诉", 1, 5), spanning("复议后起诉", 1, 5)]);
    let values = IDS.iter().flatten().zip(figures.cases.iter().flatten());
    Table {
        rows: vec![
            vec![spanning("行政复议", 1, 5), spanning("行政诉讼", 1, 10)],
            second,
            RESULTS.iter().chain(&RESULTS).map(|text| label(text)).collect(),
            values.map(|(id, value)| figure(value, id)).collect(),
        ],
    }
}

/// Cells with their coordinates, as `(row, column, cell)`.
pub fn placed(table: &Table) -> Vec<(usize, usize, &Cell)> {
    let mut free = vec![0; 64];
    let mut cells = Vec::new();
    for (number, row) in table.rows.iter().enumerate() {
        let mut column = 0;
        for cell in row {
            while free[column] > number {
                column += 1;
            }
            free[column..column + cell.columns].fill(number + cell.rows);
            cells.push((number, column, cell));
            column += cell.columns;
        }
    }
    cells
}
