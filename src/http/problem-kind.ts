/** What one code of a problem document stands for: its status, its title, and what the caller can do about it. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly hint: string;
}
