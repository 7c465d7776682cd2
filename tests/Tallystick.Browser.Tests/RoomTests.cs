using Microsoft.Playwright;
using Tallystick.Node.Tests.Api;
using static Microsoft.Playwright.Assertions;

namespace Tallystick.Browser.Tests;

/// <summary>Two people without a node, each in a browser of their own.</summary>
[Collection(nameof(Chromium))]
public sealed class RoomTests(Chromium chromium) : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-").FullName;
    private RunningTestNode server = null!;

    public async ValueTask InitializeAsync() => server = await RunningTestNode.StartAsync(new Node.Hosting.NodeOptions
    {
        Name = "rooms",
        DataFolder = Path.Combine(folder, "rooms"),
        Rooms = true,
    });

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_and_b_modify_dispute_modify_accept_see_the_final_screen_and_leave()
    {
        var a = await chromium.OpenAsync();
        var room = await CreateAsync(a);
        var b = await chromium.OpenAsync();
        await JoinAsync(b, room);
        await Looks.AreGoodAsync(b);
        await ChooseAsync(a, "A");
        await ChooseAsync(b, "B");
        await Looks.AreGoodAsync(a);

        await a.FillAsync("#say-amount", "20");
        await a.ClickAsync("#do-submit");
        await SeesAsync(b, "20.00");
        await a.FillAsync("#say-amount", "25");
        await a.ClickAsync("#do-modify");
        await SeesAsync(b, "25.00");
        await b.FillAsync("#say-reason", "it was 15");
        await b.ClickAsync("#do-dispute");
        await Expect(a.Locator("#room-standing")).ToContainTextAsync("B disputes it: it was 15");
        await Looks.AreGoodAsync(a);
        await a.FillAsync("#say-amount", "15");
        await a.ClickAsync("#do-modify");
        await SeesAsync(b, "15.00");
        await Looks.AreGoodAsync(b);
        await b.ClickAsync("#do-accept");
        foreach (var page in (IPage[])[a, b])
        {
            await Expect(page.Locator("#room-standing")).ToContainTextAsync("Settled");
            await Expect(page.Locator("#room .amount")).ToHaveTextAsync("15.00");
            await Expect(page.Locator("#room [aria-current=step]")).ToContainTextAsync("Settled");
            await Expect(page.Locator("#say")).ToBeHiddenAsync();
            await Looks.AreGoodAsync(page);
        }
        await a.ClickAsync("#do-leave");
        await Looks.IsAtAsync(a, "/rooms$");
        await b.ClickAsync("#do-leave");
        await Looks.IsAtAsync(b, "/rooms$");
        var late = await chromium.OpenAsync();
        var answer = await late.GotoAsync(room);
        Assert.Equal(404, answer!.Status);
    }

    [Fact]
    public async Task Two_tabs_of_one_browser_can_be_both_parties()
    {
        var a = await chromium.OpenAsync();
        var room = await CreateAsync(a);
        var b = await a.Context.NewPageAsync();
        await b.GotoAsync(room);
        await ChooseAsync(a, "A");
        await ChooseAsync(b, "B");
        await a.FillAsync("#say-amount", "1");
        await a.ClickAsync("#do-submit");
        await b.ClickAsync("#do-accept");
        await Expect(a.Locator("#room-standing")).ToContainTextAsync("Settled");
    }

    [Fact]
    public async Task A_taken_role_cannot_be_taken_again_and_a_third_person_can_only_watch()
    {
        var a = await chromium.OpenAsync();
        var room = await CreateAsync(a);
        var b = await chromium.OpenAsync();
        await b.GotoAsync(room);
        var c = await chromium.OpenAsync();
        await c.GotoAsync(room);
        await ChooseAsync(a, "A");
        await Expect(c.Locator("#choose-A")).ToHaveCountAsync(0);
        await ChooseAsync(b, "B");
        await Expect(c.Locator("#door")).ToContainTextAsync("you can only watch");
        await a.FillAsync("#say-amount", "8");
        await a.ClickAsync("#do-submit");
        await Expect(c.Locator("#room .amount")).ToHaveTextAsync("8.00");
        await Expect(c.Locator("#do-accept")).ToHaveCountAsync(0);
        // The path alone is no key.
        await c.GotoAsync(room + "/b");
        Assert.EndsWith(new Uri(room).AbsolutePath, c.Url, StringComparison.Ordinal);
        var stranger = await chromium.OpenAsync();
        var answer = await stranger.GotoAsync(new Uri(server.Host.WebUrl!, "/rooms/aaaa-bbbb-cccc-dddd").ToString());
        Assert.Equal(404, answer!.Status);
    }

    [Fact]
    public async Task A_restart_of_the_server_loses_nothing_and_the_pages_heal()
    {
        var a = await chromium.OpenAsync();
        var room = await CreateAsync(a);
        var b = await chromium.OpenAsync();
        await b.GotoAsync(room);
        await ChooseAsync(a, "A");
        await ChooseAsync(b, "B");
        await a.FillAsync("#say-amount", "20");
        await a.ClickAsync("#do-submit");
        await Expect(b.Locator("#do-accept")).ToBeVisibleAsync();
        await a.FillAsync("#say-amount", "19");
        await server.DisposeAsync();
        await Expect(a.Locator("#link-state")).ToHaveTextAsync("Reconnecting…");
        server = await RunningTestNode.StartAsync(server.Options);
        await Expect(a.Locator("#link-state")).ToHaveTextAsync("Live");
        await Expect(a.Locator("#say-amount")).ToHaveValueAsync("19");
        await Expect(b.Locator("#link-state")).ToHaveTextAsync("Live");
        await b.ClickAsync("#do-accept");
        await Expect(a.Locator("#room-standing")).ToContainTextAsync("Settled");
        // B was first: what A typed and did not send stands there still, and says so.
        await Expect(a.Locator("#say-amount")).ToHaveValueAsync("19");
        await Expect(a.Locator("#say")).ToContainTextAsync("The other answered before this was sent.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_sends_after_b_has_answered_is_refused_and_stays_on_the_screen(bool script)
    {
        var a = await chromium.OpenAsync(new() { JavaScriptEnabled = script });
        var room = await CreateAsync(a);
        var b = await chromium.OpenAsync();
        await b.GotoAsync(room);
        await ChooseAsync(a, "A");
        await ChooseAsync(b, "B");
        await a.FillAsync("#say-amount", "20");
        await a.ClickAsync("#do-submit");
        await Expect(a.Locator("#do-modify")).ToBeVisibleAsync();
        await a.FillAsync("#say-amount", "19");
        // A's page hears nothing more, so that its button is the one of before.
        await a.EvaluateAsync("document.querySelector('#do-modify').id = 'stale'");
        await a.EvaluateAsync("document.querySelector('#actions').id = 'gone'");
        await SeesAsync(b, "20.00");
        await b.ClickAsync("#do-accept");
        await Expect(b.Locator("#room-standing")).ToContainTextAsync("Settled");
        await a.ClickAsync("#stale");
        await Expect(a.Locator("p.problem[tabindex]"))
            .ToContainTextAsync("B was first: it is settled at 20.00 credits.");
        await Expect(a.Locator("#room-standing")).ToContainTextAsync("Settled");
        await Expect(a.Locator("#room-amount")).ToContainTextAsync("20.00");
        await Expect(a.Locator("#say-amount")).ToBeVisibleAsync();
        await Expect(a.Locator("#say-amount")).ToHaveValueAsync("19");
    }

    [Fact]
    public async Task Rooms_work_without_script_and_on_a_phone()
    {
        var options = new BrowserNewContextOptions
        {
            JavaScriptEnabled = false,
            ViewportSize = Looks.Phone,
            ColorScheme = ColorScheme.Dark,
        };
        var a = await chromium.OpenAsync(options);
        var room = await CreateAsync(a);
        var b = await chromium.OpenAsync(options);
        await b.GotoAsync(room);
        await ChooseAsync(a, "A");
        await ChooseAsync(b, "B");
        await a.FillAsync("#say-amount", "4");
        await a.ClickAsync("#do-submit");
        await b.ReloadAsync();
        await b.ClickAsync("#do-accept");
        await Expect(b.Locator("#room-standing")).ToContainTextAsync("Settled");
        await a.ReloadAsync();
        await Expect(a.Locator("#room-standing")).ToContainTextAsync("Settled");
    }

    private static async Task SeesAsync(IPage answering, string amount)
    {
        await Expect(answering.Locator("#room-amount")).ToContainTextAsync(amount);
        await Expect(answering.Locator("#do-accept")).ToHaveTextAsync("Accept");
    }

    private static async Task ChooseAsync(IPage page, string role)
    {
        await page.ClickAsync("#choose-" + role);
        await Looks.IsAtAsync(page, $"/{role.ToLowerInvariant()}$");
    }

    private static async Task JoinAsync(IPage page, string room)
    {
        await page.GotoAsync(new Uri(new Uri(room), "/rooms").ToString());
        await Looks.AreGoodAsync(page);
        await page.FillAsync("#room", room);
        await page.ClickAsync("#join button");
        await Looks.IsAtAsync(page, new Uri(room).AbsolutePath + "$");
    }

    private async Task<string> CreateAsync(IPage page)
    {
        await page.GotoAsync(new Uri(server.Host.WebUrl!, "/rooms").ToString());
        await page.ClickAsync("#create button");
        await Looks.IsAtAsync(page, "/rooms/.+-");
        return page.Url;
    }
}
