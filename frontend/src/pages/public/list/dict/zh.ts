const zh = {
  of: (place: string, layer: string) => `${place}的${layer}`,
  layer: '列出哪个图层',
  search: '在列表里搜索',
  searchAll: (n: string) => `在 ${n} 个里搜索：名称、拼音、编号、村`,
  searchLoaded: (n: string) => `在已经取到的 ${n} 个里搜索`,
  searchClear: '清空列表搜索',
  states: (layer: string) => `按${layer}筛选`,
  township: '乡镇',
  everyTownship: '全部乡镇',
  from: '从',
  to: '到',
  months: '月份',
  anyMonth: '不限',
  timeless: (layer: string) => `${layer}不分月份，全部列出。`,
  more: '乡镇和月份',
  takeAway: (what: string) => `去掉“${what}”`,
  clear: '清除全部',
  clearFilters: '清除全部筛选',
  followMap: '移动地图时更新列表',
  total: (n: string) => `共 ${n} 个`,
  onMap: '与地图范围一致',
  everywhere: '全县，与地图范围无关',
  matches: (n: string, q: string) => `有 ${n} 个含“${q}”`,
  sort: '排序',
  sorts: { worst: '最差的在前', name: '名称', near: '离地图中心', new: '最近更新' } as Record<string, string>,
  unsorted: '按编号排列；全部取到以后可以换顺序',
  closed: { closed: '暂停开放', planned: '筹建' } as Record<string, string>,
  rowsOf: (layer: string) => `${layer}，上下键选择`,
  showMap: '看地图',
  noneHere: (what: string) => `地图这一带没有${what}`,
  noneAtAll: (what: string) => `全县没有${what}`,
  such: (filters: string, layer: string) => `“${filters}”的${layer}`,
  wholeCounty: '看全县',
  noLayer: '没有打开可以列出的图层',
  turnOn: (layer: string) => `打开${layer}`,
  noMatch: (q: string) => `这些里没有“${q}”`,
  noMatchHint: '可以只写一两个字，或清空搜索。',
  filtering: '筛选中：',
  and: '、',
  comma: '，',
  unknown: (names: string) => `链接里有不认识的筛选条件（${names}），已经略过`,
  ofField: (field: string, value: string) => `${field}：${value}`,
  monthsOf: (from: string, to: string) => {
    const [year, first] = from.split('-').map(Number);
    const [lastYear, last] = to.split('-').map(Number);
    if (from === to) return `${year} 年 ${first} 月`;
    return year === lastYear ? `${year} 年 ${first}–${last} 月` : `${year} 年 ${first} 月–${lastYear} 年 ${last} 月`;
  },
};

export default zh;
export type ListDict = typeof zh;
