using Microsoft.Playwright;
using Tallystick.Client;
using Tallystick.Node.Tests;
using Tallystick.Node.Tests.Api;
using static Microsoft.Playwright.Assertions;

namespace Tallystick.Browser.Tests;

/// <summary>Alice's and Bob's pages in real browsers, each with its own node.</summary>
[Collection(nameof(Chromium))]
public sealed class DashboardTests(Chromium chromium) : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-").FullName;
    private RunningTestNode alice = null!;
    private RunningTestNode bob = null!;

    public async ValueTask InitializeAsync()
    {
        bob = await RunningTestNode.StartAsync(folder, "bob");
        alice = await RunningTestNode.StartAsync(folder, "alice", ("bob", bob.Address));
        await bob.Client.AddPeerAsync(new AddPeerRequest("alice", alice.Address));
        await alice.UntilReadyAsync("bob");
        await bob.UntilReadyAsync("alice");
    }

    public async ValueTask DisposeAsync()
    {
        await alice.DisposeAsync();
        await bob.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task What_alice_pays_on_her_page_is_on_bobs_open_page_at_once()
    {
        var (hers, his) = (await SignInAsync(alice), await SignInAsync(bob));
        await PayAsync(hers, "12.50", "lunch");
        await Expect(his.Locator("#figures")).ToContainTextAsync("+12.50");
        await Expect(his.Locator("#latest")).ToContainTextAsync("alice paid you");
        await Expect(hers.Locator("#paid")).ToContainTextAsync("Paid 12.50 credits to bob, who has it.");
        await Expect(hers.Locator("#figures")).ToContainTextAsync("−12.50");
        await hers.Locator("#paid a").ClickAsync();
        await Expect(hers.Locator("#timeline")).ToContainTextAsync("Receipted");
        var hash = await hers.Locator("#timeline .hash").First.TextContentAsync();
        Assert.Equal(64, Convert.FromHexString(hash!).Length * 2);
    }

    [Fact]
    public async Task A_refusal_stands_beside_what_was_typed()
    {
        var page = await SignInAsync(alice);
        await PayAsync(page, "1.005", "too fine");
        await Expect(page.Locator("#pay-problem")).ToBeVisibleAsync();
        await Expect(page.Locator("#pay-amount")).ToHaveValueAsync("1.005");
        await Expect(page.Locator("#pay-memo")).ToHaveValueAsync("too fine");
        await Looks.AreGoodAsync(page);
    }

    [Fact]
    public async Task A_lost_connection_says_so_and_heals_without_losing_what_was_typed()
    {
        var page = await SignInAsync(alice);
        await Expect(page.Locator("#link-state")).ToHaveTextAsync("Live");
        await page.FillAsync("#pay-amount", "3");
        await page.FillAsync("#pay-memo", "half a th");
        var options = alice.Options with { ListenPort = alice.Host.ListenEndPoint!.Port };
        await alice.DisposeAsync();
        await Expect(page.Locator("#link-state")).ToHaveTextAsync("Reconnecting…");
        await page.ClickAsync("#pay button");
        await Expect(page.Locator("#no-answer")).ToBeVisibleAsync();
        alice = await RunningTestNode.StartAsync(options);
        await alice.UntilReadyAsync("bob");
        await bob.Client.PayAsync(new PayRequest("7", "alice"));
        await Expect(page.Locator("#link-state")).ToHaveTextAsync("Live");
        await Expect(page.Locator("#figures")).ToContainTextAsync("+7.00");
        await Expect(page.Locator("#pay-memo")).ToHaveValueAsync("half a th");
        await page.ClickAsync("#pay button");
        await Expect(page.Locator("#figures")).ToContainTextAsync("+4.00");
    }

    [Fact]
    public async Task Without_script_forms_post_and_pages_reload()
    {
        var page = await SignInAsync(alice, new() { JavaScriptEnabled = false });
        await PayAsync(page, "5", "");
        await Expect(page.Locator("#paid")).ToContainTextAsync("Paid 5.00 credits to bob");
        await page.ReloadAsync();
        await Expect(page.Locator("#figures")).ToContainTextAsync("−5.00");
    }

    [Fact]
    public async Task The_keyboard_alone_signs_in_pays_and_finds_the_entry()
    {
        var page = await chromium.OpenAsync();
        await page.GotoAsync(new Uri(alice.Host.WebUrl!, "/sign-in").ToString());
        await TabToAsync(page, "code");
        await page.Keyboard.TypeAsync(alice.Host.SignInUrl!.ToString());
        await page.Keyboard.PressAsync("Enter");
        await Looks.IsAtAsync(page, "/overview$");
        await TabToAsync(page, "pay-amount");
        await page.Keyboard.TypeAsync("2");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#paid")).ToContainTextAsync("Paid 2.00 credits to bob");
        for (var i = 0; i < 60 && !page.Url.Contains("/activity/entry", StringComparison.Ordinal); i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string>("document.activeElement.textContent") == "Its timeline")
            {
                await page.Keyboard.PressAsync("Enter");
                await Looks.IsAtAsync(page, "/activity/entry");
            }
        }
        await Expect(page.Locator("#timeline")).ToContainTextAsync("Signed and stored");
    }

    [Theory]
    [InlineData("#paid a", "/activity/entry.id=")]
    [InlineData("#peers a", "/peers/bob$")]
    [InlineData("#latest .entry a", "/activity/entry.peer=bob&.*&by=me")]
    public async Task What_comes_in_leaves_the_keyboard_where_it_is(string link, string leadsTo)
    {
        var page = await SignInAsync(alice);
        var options = bob.Options with { ListenPort = bob.Host.ListenEndPoint!.Port };
        await bob.DisposeAsync();
        await PayAsync(page, "2", "");
        await Expect(page.Locator("#paid")).ToContainTextAsync("Queued 2.00 credits for bob");
        await page.Locator(link).First.FocusAsync();
        bob = await RunningTestNode.StartAsync(options);
        await Expect(page.Locator("#paid")).ToContainTextAsync("Paid 2.00 credits to bob, who has it.");
        await Expect(page.Locator("#peers .online")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Enter");
        await Looks.IsAtAsync(page, leadsTo);
    }

    [Fact]
    public async Task What_comes_in_while_a_link_is_pressed_does_not_undo_the_click()
    {
        var page = await PressedAsync("#peers a", page => page.Mouse.DownAsync());
        await Expect(page.Locator("#figures")).Not.ToContainTextAsync("7.00");
        await page.Mouse.UpAsync();
        await Looks.IsAtAsync(page, "/peers/bob");
    }

    [Fact]
    public async Task What_comes_in_while_the_space_bar_is_down_does_not_undo_the_press()
    {
        var page = await PressedAsync("#chart-table summary", page => page.Keyboard.DownAsync("Space"));
        await page.Keyboard.UpAsync("Space");
        await Expect(page.Locator("#chart-table")).ToHaveAttributeAsync("open", "");
        await page.Clock.RunForAsync(1);
        await Expect(page.Locator("#figures")).ToContainTextAsync("7.00");
        await Expect(page.Locator("#chart-table")).ToHaveAttributeAsync("open", "");
        await Expect(page.Locator("#chart-table summary")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task What_comes_in_while_something_is_pressed_waits_a_second_and_no_longer()
    {
        var page = await PressedAsync("#peers a", page => page.Mouse.DownAsync());
        await page.Clock.RunForAsync(900);
        await Expect(page.Locator("#figures")).Not.ToContainTextAsync("7.00");
        await page.Clock.RunForAsync(100);
        await Expect(page.Locator("#figures")).ToContainTextAsync("7.00");
    }

    [Theory]
    [InlineData(true, ColorScheme.Light)]
    [InlineData(true, ColorScheme.Dark)]
    [InlineData(false, ColorScheme.Light)]
    [InlineData(false, ColorScheme.Dark)]
    public async Task Every_page_is_accessible_and_fits_in_every_size_and_theme(bool isPhone, ColorScheme scheme)
    {
        await bob.Client.PayAsync(new PayRequest("20", "alice", Memo: "a long note <b>without</b> any markup in it"));
        await alice.UntilBalanceAsync("20.00");
        await alice.Client.SetLimitAsync("bob", new LimitRequest("50"));
        var settling = await bob.Client.SettleAsync(new SettleRequest("5", "alice", Method: "cash"));
        var page = await SignInAsync(alice, new()
        {
            ViewportSize = isPhone ? Looks.Phone : Looks.Desktop,
            ColorScheme = scheme,
        });
        string[] paths =
        [
            "/", "/sign-in", "/overview", "/peers/bob", "/activity", "/settle", "/invite", "/join", "/node",
            "/no-such-page",
        ];
        foreach (var path in paths)
        {
            await page.GotoAsync(new Uri(alice.Host.WebUrl!, path).ToString());
            await Looks.AreGoodAsync(page);
        }
        await page.GotoAsync(new Uri(alice.Host.WebUrl!, "/settle").ToString());
        await page.Locator("#settlements a").First.ClickAsync();
        await Expect(page.Locator("#do-accept")).ToContainTextAsync("5.00");
        await Looks.AreGoodAsync(page);
        await page.GotoAsync(new Uri(alice.Host.WebUrl!, "/activity").ToString());
        await page.Locator("#entries a").First.ClickAsync();
        await Expect(page.Locator("#timeline")).ToBeVisibleAsync();
        await Looks.AreGoodAsync(page);
        Assert.Equal(SettlementStates.Proposed, settling.Settlement.State);
    }

    [Fact]
    public async Task The_theme_that_was_chosen_stays()
    {
        var page = await SignInAsync(alice);
        await page.GotoAsync(new Uri(alice.Host.WebUrl!, "/node").ToString());
        await page.ClickAsync("#theme button[value=dark]");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.GotoAsync(new Uri(alice.Host.WebUrl!, "/overview").ToString());
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Looks.AreGoodAsync(page);
    }

    [Fact]
    public async Task Verify_now_says_that_both_halves_match()
    {
        await alice.Client.PayAsync(new PayRequest("1", "bob", WaitMs: 10_000));
        var page = await SignInAsync(alice);
        await page.GotoAsync(new Uri(alice.Host.WebUrl!, "/node").ToString());
        await page.ClickAsync("#verify button");
        await Expect(page.Locator("main")).ToContainTextAsync("both halves match");
    }

    [Fact]
    public async Task A_settlement_is_proposed_disputed_modified_and_accepted_over_two_dashboards()
    {
        await alice.Client.PayAsync(new PayRequest("50", "bob", WaitMs: 10_000));
        var (hers, his) = (await SignInAsync(alice), await SignInAsync(bob));
        await hers.GotoAsync(new Uri(alice.Host.WebUrl!, "/settle?peer=bob").ToString());
        await hers.FillAsync("#settle-amount", "20");
        await hers.FillAsync("#settle-method", "cash");
        await hers.ClickAsync("#settle button");
        await Expect(hers.Locator("#do-modify")).ToBeVisibleAsync();
        await his.GotoAsync(new Uri(bob.Host.WebUrl!, "/settle").ToString());
        await his.Locator("#settlements a").First.ClickAsync();
        await his.FillAsync("#say-reason", "it was 15");
        await his.ClickAsync("#do-dispute");
        await Expect(hers.Locator("#settlement-standing")).ToContainTextAsync("bob disputes it: it was 15");
        await hers.FillAsync("#say-amount", "15");
        await hers.ClickAsync("#do-modify");
        await Expect(his.Locator("#do-accept")).ToContainTextAsync("Accept 15.00");
        await his.ClickAsync("#do-accept");
        await Expect(hers.Locator("#settlement .state")).ToHaveTextAsync("settled");
        await Expect(his.Locator("#settlement .state")).ToHaveTextAsync("settled");
        await alice.UntilBalanceAsync("-35.00");
    }

    [Fact]
    public async Task What_alice_has_typed_stays_for_her_to_read_when_bob_answers_first()
    {
        await alice.Client.PayAsync(new PayRequest("50", "bob", WaitMs: 10_000));
        var settling = await alice.Client.SettleAsync(new SettleRequest("9", "bob", Method: "cash"));
        var hers = await SignInAsync(alice);
        await hers.GotoAsync(new Uri(alice.Host.WebUrl!, "/settle").ToString());
        await hers.Locator("#settlements a").First.ClickAsync();
        await hers.FillAsync("#say-amount", "8");
        await Eventually.IsTrueAsync(
            async () => (await bob.Client.GetSettlementsAsync(onlyOpen: true)).Settlements.Count == 1, "bob sees it");
        await bob.Client.AcceptSettlementAsync(settling.Settlement.Id, new AnswerRequest(1));
        await Expect(hers.Locator("#settlement .state")).ToHaveTextAsync("settled");
        await Expect(hers.Locator("main")).ToContainTextAsync("The other answered before this was sent.");
        await Expect(hers.Locator("#say-amount")).ToHaveValueAsync("8");
        await Expect(hers.Locator("#do-modify")).ToHaveCountAsync(0);
        await Looks.AreGoodAsync(hers);
        await alice.UntilBalanceAsync("-41.00");
    }

    [Fact]
    public async Task The_keyboard_stays_on_one_of_two_proposals_when_both_are_sent()
    {
        await bob.Client.PayAsync(new PayRequest("50", "alice", WaitMs: 10_000));
        var options = bob.Options with { ListenPort = bob.Host.ListenEndPoint!.Port };
        await bob.DisposeAsync();
        foreach (var amount in new[] { "5", "6" })
            await alice.Client.SettleAsync(new SettleRequest(amount, "bob", Method: SettlementMethods.Ask));
        var page = await SignInAsync(alice);
        await page.GotoAsync(new Uri(alice.Host.WebUrl!, "/settle").ToString());
        foreach (var amount in new[] { "5.00", "6.00" })
            await Expect(Row(amount)).ToHaveAttributeAsync("href", "/settle");
        await page.Locator("#settlements a").Nth(1).FocusAsync();
        var focused = await page.Locator("#settlements a:focus .amount").TextContentAsync();
        bob = await RunningTestNode.StartAsync(options);
        foreach (var amount in new[] { "5.00", "6.00" })
            await Expect(Row(amount)).Not.ToHaveAttributeAsync("href", "/settle");
        await page.Keyboard.PressAsync("Enter");
        await Looks.IsAtAsync(page, "/settle/.+");
        await Expect(page.Locator("main")).ToContainTextAsync(focused!.Trim()[..4]);

        ILocator Row(string amount) => page.Locator("#settlements a", new() { HasText = amount });
    }

    // Alice presses something on her page, whose clock stands still, and the page hears meanwhile that she was paid.
    private async Task<IPage> PressedAsync(string target, Func<IPage, Task> press)
    {
        var page = await SignInAsync(alice);
        await page.Clock.InstallAsync();
        await page.AddInitScriptAsync("""
            WebSocket = class extends WebSocket {
              constructor(url) {
                super(url);
                this.addEventListener("message", message => {
                  if (message.data.includes("7.00")) document.documentElement.dataset.news = "come";
                });
              }
            };
            """);
        await page.ReloadAsync();
        await Expect(page.Locator("#link-state")).ToHaveTextAsync("Live");
        await page.Clock.PauseAtAsync(DateTime.UtcNow.AddHours(1));
        await page.Locator(target).HoverAsync();
        await page.Locator(target).FocusAsync();
        await press(page);
        await bob.Client.PayAsync(new PayRequest("7", "alice"));
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-news", "come");
        return page;
    }

    private static async Task PayAsync(IPage page, string amount, string memo)
    {
        await page.FillAsync("#pay-amount", amount);
        await page.FillAsync("#pay-memo", memo);
        await page.ClickAsync("#pay button");
    }

    private static async Task TabToAsync(IPage page, string id)
    {
        for (var i = 0; i < 60; i++)
        {
            if (await page.EvaluateAsync<string>("document.activeElement.id") == id)
                return;
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"The keyboard does not get to {id}.");
    }

    private async Task<IPage> SignInAsync(RunningTestNode node, BrowserNewContextOptions? options = null)
    {
        var page = await chromium.OpenAsync(options);
        // The page behind the link goes on by itself; that it does, the test of the keyboard sees.
        await page.Context.APIRequest.GetAsync(node.Host.SignInUrl!.ToString());
        await page.GotoAsync(new Uri(node.Host.WebUrl!, "/overview").ToString());
        return page;
    }
}
