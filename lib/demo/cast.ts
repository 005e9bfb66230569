import type { Random } from "./random.ts";

/** A contact, as rows of many tables need it. */
export interface Contact {
  id: number;
  name: string;
  company: string;
  /** `null` for a company. */
  role: string | null;
  slug: string;
  email: string;
}

/** The person whose database it is; no contact. */
export const USER = { name: "Alex Morgan", email: "alex@morgan.example" };

/** Name, company and role; a company has no role. */
const ENTRIES: readonly [string, string, string?][] = [
  ["Zoë van der Berg", "Tidewater Robotics", "Head of Product"],
  ["Siobhán O'Brien", "Brannagh & Lisk", "Partner"],
  ["Jürgen Weiß", "Nordlys Speicher GmbH", "Geschäftsführer"],
  ["Amara Okonkwo", "Tidewater Robotics", "Chief of Staff"],
  ["Tidewater Robotics", "Tidewater Robotics"],
  ["María José Peña", "Estudio Limón", "Directora de arte"],
  ["田中 美咲", "山吹デザイン", "デザイナー"],
  ["Łukasz Żółkiewski", "Nordlys Speicher GmbH", "Lead Engineer"],
  ["Brannagh & Lisk", "Brannagh & Lisk"],
  ["Priya Raghunathan", "Saffron Ledger", "CFO"],
  ["Chloé Lefèvre", "Maison Aubépine", "Responsable éditoriale"],
  ['Marcus "Mac" Delacroix', "Fathom Audio", "Producer"],
  ["Nordlys Speicher GmbH", "Nordlys Speicher GmbH"],
  ["ليلى حداد", "Saffron Ledger", "Controller"],
  ["Þórunn Ægisdóttir", "Hraun Media", "Editor"],
  ["Dmitri Волков", "Fathom Audio", "Sound Engineer"],
  ["Nguyễn Thị Hương", "Saffron Ledger", "Analyst"],
  ["Estudio Limón", "Estudio Limón"],
  ["Bartholomew Quist", "Quist Family Office", "Investor"],
  ["Søren Kjærgaard", "Hraun Media", "Publisher"],
  ["Ayşe Çelik", "Maison Aubépine", "Translator"],
  ["Joa\u0303o Conceic\u0327a\u0303o", "Estudio Limón", "Fotógrafo"],
  ["Rivka Ben-Ami", "Quist Family Office", "Counsel"],
  ["Hraun Media", "Hraun Media"],
  ["Tomáš Dvořáček", "Tidewater Robotics", "Firmware"],
  ["Grace Kahananui", "Fathom Audio", "Office Manager"],
  ["김하준", "山吹デザイン", "Project Manager"],
  ["Wren Ashdown 🌿", "Independent", "Gardener, Writer"],
  ["Robin O'Neil (née Drop)", "Independent", "Security Researcher"],
  ["Ines Ferreira", "Maison Aubépine", "Intern"],
  ["Viktor <Vik> Hámori", "Independent", "Consultant"],
];

/** ASCII words joined by hyphens; `fallback` where no letter is ASCII. */
function slugOf(name: string, fallback: string): string {
  const ascii = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const slug = ascii.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return slug || fallback;
}

/** All contacts; the id is the place, counted from 1. */
export const CONTACTS: readonly Contact[] = ENTRIES.map(
  ([name, company, role = null], index) => {
    const slug = slugOf(name, `contact-${index + 1}`);
    const mailbox = role === null ? "office" : slug.replaceAll("-", ".");
    const email = `${mailbox}@${slugOf(company, "yamabuki")}.example`;
    return { id: index + 1, name, company, role, slug, email };
  },
);

/** The contacts that are persons. */
export const PERSONS: readonly Contact[] = CONTACTS.filter(
  ({ role }) => role !== null,
);

/** The names of the projects; the id is the place, counted from 1. */
export const PROJECTS: readonly string[] = [
  "Harbour dashboard redesign",
  "Brochure “Lichtblicke”",
  "Podcast pilot: Deep Water",
  "Rebrand für Nordlys",
  "Saffron Ledger onboarding",
  "Translation: Les Aubépines",
  "Investor update Q2",
  "Garden journal 🌱",
];

/** A contact or a project, as tables without a foreign key refer to it. */
export interface Entity {
  type: "contact" | "project";
  id: number;
  name: string;
}

/** A contact mostly, else a project. */
export function pickEntity(random: Random): Entity {
  if (random.chance(0.7)) {
    const { id, name } = random.pickEarly(CONTACTS);
    return { type: "contact", id, name };
  }
  const id = random.int(1, PROJECTS.length);
  return { type: "project", id, name: PROJECTS[id - 1] ?? "" };
}
