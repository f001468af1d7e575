export function Handout() {
  return null;
}
