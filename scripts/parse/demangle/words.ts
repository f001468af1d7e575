/** The words of the mangling, as GNU's demangler prints them. */

export const builtinTypes: Readonly<Record<string, string>> = {
  ...{ v: 'void', w: 'wchar_t', b: 'bool', c: 'char', a: 'signed char', h: 'unsigned char' },
  ...{ s: 'short', t: 'unsigned short', i: 'int', j: 'unsigned int', l: 'long', m: 'unsigned long' },
  ...{ x: 'long long', y: 'unsigned long long', n: '__int128', o: 'unsigned __int128' },
  ...{ f: 'float', d: 'double', e: 'long double', g: '__float128', z: '...' },
  ...{ Di: 'char32_t', Ds: 'char16_t', Du: 'char8_t' },
  ...{ Da: 'auto', Dc: 'decltype(auto)', Dn: 'decltype(nullptr)' },
};

/** How a number of the type ends; of any other type it begins with `(type)`. */
export const numberSuffixes: Readonly<Record<string, string>> = {
  ...{ int: '', 'unsigned int': 'u', long: 'l', 'unsigned long': 'ul' },
  ...{ 'long long': 'll', 'unsigned long long': 'ull' },
};

interface Standard {
  readonly name: string;
  /** Where its constructor or destructor follows, which has the class's own name. */
  readonly whole: string;
  readonly own: string;
}

export const standardNames: Readonly<Record<string, Standard>> = {
  Sa: { name: 'std::allocator', whole: 'std::allocator', own: 'allocator' },
  Sb: { name: 'std::basic_string', whole: 'std::basic_string', own: 'basic_string' },
  Ss: {
    ...{ name: 'std::string', own: 'basic_string' },
    whole: 'std::basic_string<char, std::char_traits<char>, std::allocator<char> >',
  },
  ...{ Si: stream('istream'), So: stream('ostream'), Sd: stream('iostream') },
};

function stream(name: string): Standard {
  const whole = `std::basic_${name}<char, std::char_traits<char> >`;
  return { name: `std::${name}`, whole, own: `basic_${name}` };
}

export const operators: Readonly<Record<string, string>> = {
  ...{ nw: ' new', na: ' new[]', dl: ' delete', da: ' delete[]', aw: ' co_await' },
  ...{ ps: '+', ng: '-', ad: '&', de: '*', co: '~', pl: '+', mi: '-', ml: '*', dv: '/', rm: '%' },
  ...{ an: '&', or: '|', eo: '^', aS: '=', pL: '+=', mI: '-=', mL: '*=', dV: '/=', rM: '%=' },
  ...{ aN: '&=', oR: '|=', eO: '^=', ls: '<<', rs: '>>', lS: '<<=', rS: '>>=' },
  ...{ eq: '==', ne: '!=', lt: '<', gt: '>', le: '<=', ge: '>=', ss: '<=>' },
  ...{ nt: '!', aa: '&&', oo: '||', pp: '++', mm: '--', cm: ',', pm: '->*', pt: '->', cl: '()', ix: '[]' },
};
