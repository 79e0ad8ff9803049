//! Figures of a report that add up.

use super::Dice;

/// Who reports, with the name as a title has it.
const BODIES: &[&str] = &["淮安市洪泽区", "宿迁市", "太原市万柏林区", "上海市松江区", "沭阳县", "昌图县"];

/// The figures of one report.
#[derive(Clone, Debug)]
pub struct Figures {
    pub body: String,
    pub year: u16,
    /// Whether tables 2 and 3 follow the form of 2019.
    pub old: bool,
    /// Regulations and normative documents, three figures each.
    pub documents: [[u64; 3]; 2],
    /// Licences, other services, penalties, coercion: items before, change, decisions.
    pub decisions: [[i64; 3]; 4],
    /// Fees: items before and change (2019); amount in hundredths of 万元 (2021).
    pub fees: (u64, i64, u64),
    /// Procurement: projects, and amount in hundredths of 万元 (2019).
    pub procurement: (u64, u64),
    /// Rows of table 3 in printed order, seven figures each.
    pub requests: Vec<[u64; 7]>,
    /// Three blocks of table 4.
    pub cases: [[u64; 5]; 3],
}

impl Figures {
    pub fn random(dice: &mut Dice) -> Self {
        let old = dice.once_in(3);
        let year =
            if old { 2019 + u16::try_from(dice.roll(2)).unwrap() } else { 2021 + u16::try_from(dice.roll(5)).unwrap() };
        let decisions = [(); 4].map(|()| {
            let change = i64::try_from(dice.roll(40)).unwrap() - 15;
            [i64::try_from(size(dice)).unwrap(), change, i64::try_from(size(dice)).unwrap()]
        });
        Self {
            body: (*dice.pick(BODIES)).to_owned(),
            year,
            old,
            documents: [(); 2].map(|()| [(); 3].map(|()| dice.roll(90))),
            decisions,
            fees: (dice.roll(30), i64::try_from(dice.roll(9)).unwrap() - 4, size(dice) * 7),
            procurement: (dice.roll(50), size(dice) * 13),
            requests: requests(old, dice),
            cases: [(); 3].map(|()| {
                let parts = [(); 4].map(|()| if dice.once_in(2) { 0 } else { dice.roll(60) });
                [parts[0], parts[1], parts[2], parts[3], parts.iter().sum()]
            }),
        }
    }
}

/// Mostly small, sometimes as large as a province's.
fn size(dice: &mut Dice) -> u64 {
    let top = *dice.pick(&[1, 10, 100, 1_000, 100_000, 4_000_000]);
    dice.roll(top)
}

fn requests(old: bool, dice: &mut Dice) -> Vec<[u64; 7]> {
    let outcomes = if old { 19 } else { 21 };
    let mut rows = vec![[0; 7]; outcomes + 4];
    let scale = *dice.pick(&[3, 30, 300, 3_000]);
    let zeros = 1 + dice.roll(8);
    for column in 0..6 {
        let mut sum = 0;
        for row in &mut rows[2..2 + outcomes] {
            let busy = column == 0 || dice.once_in(5);
            row[column] = if busy && dice.once_in(zeros) { dice.roll(scale) } else { 0 };
            sum += row[column];
        }
        let carried_out = if column == 0 { dice.roll(scale / 2 + 1) } else { dice.roll(3) };
        let carried_in = dice.roll(sum + carried_out + 1);
        rows[0][column] = sum + carried_out - carried_in;
        rows[1][column] = carried_in;
        rows[outcomes + 2][column] = sum;
        rows[outcomes + 3][column] = carried_out;
    }
    for row in &mut rows {
        row[6] = row[..6].iter().sum();
    }
    rows
}
