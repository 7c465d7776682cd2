using System.Net;
using System.Text.RegularExpressions;
using Tallystick.Client;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Pages;

/// <summary>The pages as the built program serves them: a build that lost a part of one would show it here.</summary>
public sealed partial class PageTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Every_page_that_a_signed_in_person_can_click_to_is_whole()
    {
        var (alice, bob) = await NodeProcess.PairAsync(scratch);
        await using var first = alice;
        await using var second = bob;
        await alice.Client.PayAsync(new PayRequest("12.50", "bob", Memo: "lunch <b>", WaitMs: 30_000));
        await alice.Client.SettleAsync(new SettleRequest("2.50", "bob"));
        await alice.Client.InviteAsync(new InviteRequest());

        var signIn = new Uri((await alice.Client.GetNodeAsync()).SignIn!);
        var pages = await VisitAllAsync(signIn);

        Assert.All(pages, page => Assert.Contains("</html>", page.Value, StringComparison.Ordinal));
        Assert.Superset(
            new HashSet<string> { "/", "/overview", "/activity", "/settle", "/peers/bob", "/node", "/invite", "/join" },
            pages.Keys.ToHashSet());
        Assert.Contains("−12.50", WebUtility.HtmlDecode(pages["/overview"]), StringComparison.Ordinal);
        Assert.Contains("lunch &lt;b&gt;", pages["/activity"], StringComparison.Ordinal);
        Assert.Contains("lunch &lt;b&gt;", pages["/peers/bob"], StringComparison.Ordinal);
        Assert.Contains("2.50", pages["/settle"], StringComparison.Ordinal);
        Assert.Contains("2.50", pages.Single(page => page.Key.StartsWith("/settle/", StringComparison.Ordinal)).Value);
        Assert.Contains((await alice.Client.GetNodeAsync()).Fingerprint, pages["/node"], StringComparison.Ordinal);
    }

    // By links alone, each page once.
    private static async Task<Dictionary<string, string>> VisitAllAsync(Uri signIn)
    {
        using var browser = new HttpClient { BaseAddress = signIn };
        browser.DefaultRequestHeaders.Add("Accept", "text/html");
        await browser.GetStringAsync(signIn);

        var pages = new Dictionary<string, string>();
        var open = new Queue<string>(["/"]);
        while (open.TryDequeue(out var path))
        {
            if (pages.ContainsKey(path))
                continue;
            using var answer = await browser.GetAsync(new Uri(signIn, path));
            Assert.True(answer.IsSuccessStatusCode, $"{path} answered {answer.StatusCode}");
            if (answer.Content.Headers.ContentType?.MediaType != "text/html")
                continue;
            pages[path] = await answer.Content.ReadAsStringAsync();
            foreach (Match link in Link().Matches(pages[path]))
                open.Enqueue(WebUtility.HtmlDecode(link.Groups["path"].Value));
        }
        return pages;
    }

    [GeneratedRegex("""<a [^>]*href="(?<path>/[^"#]*)""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}
