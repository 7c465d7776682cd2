using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Tallystick.Browser.Tests;

/// <summary>What must hold of every page, in every size and theme.</summary>
internal static class Looks
{
    public static readonly ViewportSize Desktop = new() { Width = 1280, Height = 860 };
    public static readonly ViewportSize Phone = new() { Width = 390, Height = 844 };

    /// <summary>The browser has come to a page with such an address.</summary>
    /// <param name="page">The browser's page.</param>
    /// <param name="pattern">A regular expression.</param>
    public static Task IsAtAsync(IPage page, string pattern) =>
        Expect(page).ToHaveURLAsync(new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1)));

    /// <summary>Axe finds nothing, and nothing has to be scrolled sideways.</summary>
    public static async Task AreGoodAsync(IPage page)
    {
        var found = await page.RunAxe();
        Assert.True(found.Violations.Length == 0, string.Join('\n', found.Violations.Select(violation =>
            $"{page.Url}: {violation.Id}: {violation.Help}: {violation.Nodes[0].Html}")));
        Assert.InRange(found.Passes.Length, 5, int.MaxValue);
        var excess = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");
        Assert.True(excess <= 0, $"{page.Url} is {excess} pixels too wide.");
    }
}
