//! Cuts digit runs that lost their separators, by the sums that must hold.

/// One number of a run: which token it stands in, and its digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slice {
    /// Index of the token.
    pub token: usize,
    /// First digit in the token.
    pub from: usize,
    /// The digits.
    pub digits: String,
}

/// Steps of the search before it gives up: a run that long is not one row.
const STEPS: usize = 200_000;
/// Longest number looked for.
const DIGITS: usize = 9;

/// Every way of cutting the tokens into blocks of numbers where the last number of each block is the
/// sum of the others, at most `most` of them. `None` when the search had to give up.
///
/// No number begins with a zero that it does not consist of: offices print 0, not 00, where nothing
/// stands between the numbers.
pub(crate) fn by_sums(tokens: &[&str], blocks: &[usize], most: usize) -> Option<Vec<Vec<Slice>>> {
    search(tokens, blocks, most, true)
}

/// Every way of cutting the tokens into `count` numbers, with no sum to go by.
pub(crate) fn freely(tokens: &[&str], count: usize, most: usize) -> Option<Vec<Vec<Slice>>> {
    search(tokens, &[count], most, false)
}

fn search(tokens: &[&str], blocks: &[usize], most: usize, sums: bool) -> Option<Vec<Vec<Slice>>> {
    if tokens.iter().any(|token| !token.bytes().all(|byte| byte.is_ascii_digit())) {
        return Some(Vec::new());
    }
    let mut search =
        Search { tokens, blocks, most, sums, total: i64::MAX, steps: 0, path: Vec::new(), found: Vec::new() };
    match (blocks, tokens.last()) {
        // The last number of a single block ends the run: one length of it after the other, and no part is more.
        ([_], Some(last)) if sums => {
            for size in 1..=last.len().min(DIGITS) {
                let total = last.get(last.len() - size..).filter(|total| size == 1 || !total.starts_with('0'));
                if let Some(total) = total.and_then(|total| total.parse().ok()) {
                    search.total = total;
                    search.step(0, 0, 0, 0, 0);
                }
            }
        }
        _ => search.step(0, 0, 0, 0, 0),
    }
    let slice = |&(token, from, size): &(usize, usize, usize)| {
        let digits = tokens.get(token).and_then(|text| text.get(from..from + size)).unwrap_or_default().to_owned();
        Slice { token, from, digits }
    };
    let found = search.found.iter().map(|way| way.iter().map(slice).collect()).collect();
    (search.steps < STEPS).then_some(found)
}

/// How many digits a number has.
fn width(number: i64) -> usize {
    number.checked_ilog10().map_or(1, |log| usize::try_from(log).unwrap_or_default() + 1)
}

struct Search<'a> {
    tokens: &'a [&'a str],
    blocks: &'a [usize],
    most: usize,
    sums: bool,
    /// What the parts of a block must not exceed.
    total: i64,
    steps: usize,
    /// Token, first digit and length of each number so far.
    path: Vec<(usize, usize, usize)>,
    found: Vec<Vec<(usize, usize, usize)>>,
}

impl Search<'_> {
    fn step(&mut self, token: usize, from: usize, block: usize, number: usize, sum: i64) {
        self.steps += 1;
        if self.steps >= STEPS || self.found.len() >= self.most {
            return;
        }
        let Some(&text) = self.tokens.get(token) else {
            if block == self.blocks.len() {
                self.found.push(self.path.clone());
            }
            return;
        };
        let Some(&length) = self.blocks.get(block) else { return };
        let rest = text.get(from..).unwrap_or_default();
        let left: usize = self.tokens.iter().skip(token + 1).map(|token| token.len()).sum::<usize>() + rest.len();
        let wanted = self.blocks.iter().skip(block).sum::<usize>() - number;
        // The last number of the block is at least the sum so far, and has at least as many digits.
        let longer = if self.sums { width(sum) - 1 } else { 0 };
        if left < wanted + longer || left > wanted * width(self.total).min(DIGITS) {
            return;
        }
        let last = number + 1 == length;
        let longest = if rest.starts_with('0') { 1 } else { rest.len().min(DIGITS) };
        // The last number is the sum, so its length is known.
        let sizes = if self.sums && last { width(sum)..=width(sum).min(longest) } else { 1..=longest };
        for size in sizes {
            let Some(digits) = rest.get(..size) else { break };
            let Ok(value) = digits.parse::<i64>() else { break };
            if self.sums && last && (value != sum || self.total != i64::MAX && value != self.total) {
                continue;
            }
            if self.sums && !last && sum + value > self.total {
                break;
            }
            self.path.push((token, from, size));
            let (next, start) = if from + size == text.len() { (token + 1, 0) } else { (token, from + size) };
            if last {
                self.step(next, start, block + 1, 0, 0);
            } else {
                self.step(next, start, block, number + 1, sum + value);
            }
            self.path.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(found: Option<Vec<Vec<Slice>>>) -> Vec<Vec<i64>> {
        found.unwrap().iter().map(|cut| cut.iter().map(|slice| slice.digits.parse().unwrap()).collect()).collect()
    }

    #[test]
    fn most_rows_have_one_cut() {
        assert_eq!(values(by_sums(&["640020470"], &[7], 9)), [[64, 0, 0, 2, 0, 4, 70]]);
        assert_eq!(values(by_sums(&["500000", "5"], &[7], 9)), [[5, 0, 0, 0, 0, 0, 5]]);
        assert_eq!(values(by_sums(&["21710000218"], &[7], 9)), [[217, 1, 0, 0, 0, 0, 218]]);
    }

    #[test]
    fn some_rows_have_two() {
        // 1 + 9 + 10 = 20 and 19 + 1 = 20.
        assert_eq!(values(by_sums(&["191000020"], &[7], 9)), [[1, 9, 10, 0, 0, 0, 20], [19, 1, 0, 0, 0, 0, 20]]);
    }

    #[test]
    fn fifteen_numbers_in_one_run() {
        assert_eq!(
            values(by_sums(&["10203120001200000"], &[5, 5, 5], 9)),
            [[1, 0, 2, 0, 3, 12, 0, 0, 0, 12, 0, 0, 0, 0, 0]]
        );
    }

    #[test]
    fn without_a_sum_several_cuts_stand() {
        assert_eq!(values(freely(&["000"], 3, 9)), [[0, 0, 0]]);
        assert!(values(freely(&["693665"], 3, 9)).len() > 1);
    }
}
