import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']
const macApplications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]
const windowsFolders = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]

/** Path of a Chrome or Chromium: `MOBILENETV2_CHROME`, Playwright's own download, or one that is installed; null if there is none. */
export function findChrome() {
  const candidates = [
    process.env.MOBILENETV2_CHROME,
    chromium.executablePath(),
    ...(process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))),
    ...macApplications,
    ...windowsFolders.map((folder) => folder && join(folder, 'Google/Chrome/Application/chrome.exe')),
  ]
  return candidates.find((path) => path && existsSync(path)) ?? null
}
