import type { ListDict } from './zh';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const parts = (month: string) => {
  const [year = '', number = ''] = month.split('-');
  return { year, name: MONTHS[Number(number) - 1] };
};

const en: ListDict = {
  of: (place, layer) => `${layer}, ${place}`,
  layer: 'Layer to list',
  search: 'Search the list',
  searchAll: (n) => `Search these ${n} by name, pinyin, code, village`,
  searchLoaded: (n) => `Search the ${n} fetched so far`,
  searchClear: 'Clear the search of the list',
  states: (layer) => `Filter ${layer.toLowerCase()}`,
  township: 'Township',
  everyTownship: 'All townships',
  from: 'From',
  to: 'to',
  months: 'Months',
  anyMonth: 'Any',
  timeless: (layer) => `${layer} have no months: all are listed.`,
  more: 'Townships and months',
  takeAway: (what) => `Take “${what}” away`,
  clear: 'Clear all',
  clearFilters: 'Clear all filters',
  followMap: 'Update the list as the map moves',
  total: (n) => `${n} in all`,
  onMap: 'as the map shows',
  everywhere: 'the whole county, whatever the map shows',
  matches: (n, q) => `${n} with “${q}”`,
  sort: 'Order',
  sorts: { worst: 'Worst first', name: 'Name', near: 'From the map’s centre', new: 'Newest' },
  unsorted: 'By number; in another order once all are fetched',
  closed: { closed: 'Closed for now', planned: 'Planned' },
  rowsOf: (layer) => `${layer}, up and down keys to choose`,
  showMap: 'Show the map',
  noneHere: (what) => `No ${what} where the map is`,
  noneAtAll: (what) => `No ${what} in the whole county`,
  such: (filters, layer) => `${layer.toLowerCase()} of “${filters}”`,
  wholeCounty: 'Whole county',
  noLayer: 'No layer that can be listed is on',
  turnOn: (layer) => `Show ${layer.toLowerCase()}`,
  noMatch: (q) => `None of these has “${q}”`,
  noMatchHint: 'Try a word or two, or clear the search.',
  filtering: 'Filtered: ',
  and: ', ',
  comma: '; ',
  unknown: (names) => `The link has unknown filters (${names}); they were left out`,
  ofField: (field, value) => `${field}: ${value}`,
  monthsOf: (from, to) => {
    const [a, b] = [parts(from), parts(to)];
    if (from === to) return `${a.name} ${a.year}`;
    return a.year === b.year ? `${a.name}–${b.name} ${a.year}` : `${a.name} ${a.year} – ${b.name} ${b.year}`;
  },
};

export default en;
