export function ClassMode() {
  return null;
}
