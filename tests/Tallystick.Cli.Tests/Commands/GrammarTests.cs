using Tallystick.Cli.Commands;

namespace Tallystick.Cli.Tests.Commands;

public sealed class GrammarTests
{
    private const int Usual = Command.History.UsualMost;

    public static TheoryData<string, object> Lines => new()
    {
        { "pay 10", new Command.Pay("10", null, null, null) },
        { "PAY   10  ", new Command.Pay("10", null, null, null) },
        { "\tPay\u00A0bob\t10", new Command.Pay("10", "bob", null, null) },
        { "pay bob 10", new Command.Pay("10", "bob", null, null) },
        { "pay BOB 10.5 for lunch", new Command.Pay("10.5", "BOB", null, "lunch") },
        { "pay bob 10 for  bob's   best lunch", new Command.Pay("10", "bob", null, "bob's   best lunch") },
        { "pay bob 10 for \"lunch for two\"", new Command.Pay("10", "bob", null, "lunch for two") },
        { "pay 10 to bob", new Command.Pay("10", "bob", null, null) },
        { "pay 10 for lunch", new Command.Pay("10", null, null, "lunch") },
        { "pay 10 to bob for 5 beers", new Command.Pay("10", "bob", null, "5 beers") },
        { "pay bob 10 EUR", new Command.Pay("10", "bob", "EUR", null) },
        { "pay bob 10 EUR for lunch", new Command.Pay("10", "bob", "EUR", "lunch") },
        { "pay to bob 10", new Command.Pay("10", "bob", null, null) },
        { "pay +10", new Command.Pay("+10", null, null, null) },
        { "pay -10", new Command.Pay("-10", null, null, null) },
        { "pay .5", new Command.Pay(".5", null, null, null) },
        { "pay NaN", new Command.Pay("NaN", null, null, null) },
        { "pay -Infinity", new Command.Pay("-Infinity", null, null, null) },
        { "pay ∞", new Command.Pay("∞", null, null, null) },
        { "pay bob 1e309", new Command.Pay("1e309", "bob", null, null) },
        { "pay bob 1,000", new Command.Pay("1,000", "bob", null, null) },
        { "pay bob 0x10", new Command.Pay("0x10", "bob", null, null) },
        { "pay bob ten", new Command.Pay("ten", "bob", null, null) },
        { "pay 10 10", new Command.Pay("10", "10", null, null) },
        { "pay \"10\" 5", new Command.Pay("5", "10", null, null) },
        { "pay for 10", new Command.Pay("10", "for", null, null) },
        { "pay for 10 for for", new Command.Pay("10", "for", null, "for") },
        { "pay \"Bob the builder\" 10", new Command.Pay("10", "Bob the builder", null, null) },
        { "pay “Bob B” 10", new Command.Pay("10", "Bob B", null, null) },
        { "pay 10 to \"to\"", new Command.Pay("10", "to", null, null) },
        { "send 10 credits", new Command.Pay("10", null, "credits", null) },
        { "Send 10 CREDITS to Bob", new Command.Pay("10", "Bob", "credits", null) },
        { "send 1 credit to bob", new Command.Pay("1", "bob", "credits", null) },
        { "send bob 10", new Command.Pay("10", "bob", null, null) },
        { "pay 🦊 10", new Command.Pay("10", "🦊", null, null) },
        { "invite", new Command.Invite(null, null, null, Once: false) },
        { "invite --limit 100 --expires 12h --once", new Command.Invite("100", null, "12h", Once: true) },
        { "invite once limit 100 EUR", new Command.Invite("100", "EUR", null, Once: true) },
        { "invites", new Command.ListInvites() },
        { "invite list", new Command.ListInvites() },
        { "invite revoke 3f2a81c0", new Command.RevokeInvite("3f2a81c0") },
        { "join tallystick://join/AbC", new Command.Join("tallystick://join/AbC", null) },
        { "join tallystick://join/AbC as ally", new Command.Join("tallystick://join/AbC", "ally") },
        { "tallystick://join/AbC", new Command.Join("tallystick://join/AbC", null) },
        { "settle 20", new Command.Settle("20", null, null, null, null, null) },
        { "settle bob 20", new Command.Settle("20", "bob", null, null, null, null) },
        { "SETTLE bob 20 BY cash", new Command.Settle("20", "bob", null, null, "cash", null) },
        {
            "settle bob 20 EUR by bank transfer ref R 17 from me",
            new Command.Settle("20", "bob", "EUR", "me", "bank transfer", "R 17")
        },
        { "settle 20 from bob", new Command.Settle("20", null, null, "bob", null, null) },
        { "settle \"list\" 20", new Command.Settle("20", "list", null, null, null, null) },
        { "settle", new Command.ListSettlements(null) },
        { "settle list bob", new Command.ListSettlements("bob") },
        { "settle show 3f2a81c0.2", new Command.ShowSettlement("3f2a81c0.2") },
        { "settle modify 3f 15", new Command.ModifySettlement("3f", "15", null, null) },
        { "settle modify 3f 15 ref R18", new Command.ModifySettlement("3f", "15", null, "R18") },
        { "settle withdraw 3f", new Command.WithdrawSettlement("3f") },
        { "settle accept 3f", new Command.AnswerSettlement("3f", "accept", null, null) },
        { "settle accept 3f --yes", new Command.AnswerSettlement("3f", "accept", null, "keep") },
        { "settle received 3f --close", new Command.AnswerSettlement("3f", "received", null, "close") },
        { "settle dispute 3f", new Command.AnswerSettlement("3f", "dispute", null, null) },
        { "settle dispute 3f because it  was 15", new Command.AnswerSettlement("3f", "dispute", "it  was 15", null) },
        { "settle dispute 3f it was 15", new Command.AnswerSettlement("3f", "dispute", "it was 15", null) },
        { "settle save 3f my file.tally", new Command.SaveSettlement("3f", "my file.tally") },
        { "ask bob 12.50 for pizza", new Command.Ask("12.50", "bob", null, "pizza") },
        { "ask 5", new Command.Ask("5", null, null, null) },
        { "reset bob", new Command.Reset("bob", null, Yes: false) },
        { "reset bob EUR --yes", new Command.Reset("bob", "EUR", Yes: true) },
        { "Reset --yes", new Command.Reset(null, null, Yes: true) },
        { "balance", new Command.Balance(null) },
        { "balance bob", new Command.Balance("bob") },
        { "check  balance", new Command.Balance(null) },
        { "CHECK BALANCE bob", new Command.Balance("bob") },
        { "exit", new Command.Exit(Fondly: false) },
        { "Quit", new Command.Exit(Fondly: false) },
        { "bye", new Command.Exit(Fondly: false) },
        { "FAREWELL", new Command.Exit(Fondly: true) },
        { "accept abcd", new Command.Accept("abcd", null) },
        { "accept ABCD EFGH", new Command.Accept("ABCD-EFGH", null) },
        { "accept ABCD-EFGH as bob", new Command.Accept("ABCD-EFGH", "bob") },
        { "cancel 1a2b3c4d", new Command.Cancel("1a2b3c4d") },
        { "history", new Command.History(null, Usual) },
        { "log bob", new Command.History("bob", Usual) },
        { "history bob 5", new Command.History("bob", 5) },
        { "history 5", new Command.History(null, 5) },
        { "history \"5\"", new Command.History("5", Usual) },
        { "limit bob 100", new Command.SetLimit("bob", "100", null) },
        { "limit bob NONE", new Command.SetLimit("bob", "none", null) },
        { "limit 100", new Command.SetLimit(null, "100", null) },
        { "limit none", new Command.SetLimit(null, "none", null) },
        { "limit 10 100", new Command.SetLimit("10", "100", null) },
        { "limit bob 100 EUR", new Command.SetLimit("bob", "100", "EUR") },
        { "peers", new Command.ListPeers() },
        { "peer", new Command.ListPeers() },
        { "Peers nearby", new Command.ListNearby() },
        { "peer add bob 192.0.2.7:5001", new Command.AddPeer("bob", "192.0.2.7:5001") },
        { "peer rename bob robert", new Command.RenamePeer("bob", "robert") },
        { "peer rename bob to robert", new Command.RenamePeer("bob", "robert") },
        { "peer remove bob", new Command.RemovePeer("bob", Force: false) },
        { "peer remove --FORCE bob", new Command.RemovePeer("bob", Force: true) },
        { "peer remove bob --force", new Command.RemovePeer("bob", Force: true) },
        { "verify", new Command.Verify(null) },
        { "verify bob", new Command.Verify("bob") },
        { "whoami", new Command.WhoAmI() },
        { "status", new Command.WhoAmI() },
        { "help", new Command.Help() },
        { "help me please", new Command.Help() },
        { "?", new Command.Help() },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_line_is_read_as_its_command(string text, object command) =>
        Assert.Equal(command, Assert.IsType<Reading.Understood>(Grammar.Read(text)).Command);

    [Theory]
    [InlineData("split 60 with bob carol", null)]
    [InlineData("split 60 with bob and carol for  the dinner", "the dinner")]
    [InlineData("Split 60 WITH bob, carol for me", "me")]
    public void A_split_names_everybody_else(string text, string? what)
    {
        var split = Assert.IsType<Command.Split>(Assert.IsType<Reading.Understood>(Grammar.Read(text)).Command);
        Assert.Equal(("60", null, what), (split.Amount, split.Asset, split.What));
        Assert.Equal(["bob", "carol"], split.Peers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \t ")]
    [InlineData("\0\u0007")]
    public void A_line_without_words_is_blank(string text) => Assert.IsType<Reading.Blank>(Grammar.Read(text));

    [Theory]
    [InlineData("pya 10", "pay")]
    [InlineData("pai 10", "pay")]
    [InlineData("balace", "balance")]
    [InlineData("Blance", "balance")]
    [InlineData("histroy", "history")]
    [InlineData("bal", "balance")]
    [InlineData("exti", "exit")]
    [InlineData("veriffy", "verify")]
    [InlineData("check", "check balance")]
    [InlineData("peer ad bob 1.2.3.4:5", "peer add")]
    [InlineData("hello", null)]
    [InlineData("xyzzy", null)]
    public void A_near_miss_names_the_closest_command(string text, string? nearest)
    {
        var problem = Assert.IsType<Reading.NotUnderstood>(Grammar.Read(text));
        Assert.Equal(nearest, problem.Nearest);
        if (nearest is not null)
            Assert.Contains(nearest, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pay")]
    [InlineData("pay bob")]
    [InlineData("pay bob for lunch")]
    [InlineData("pay \"10\"")]
    [InlineData("pay 10 to")]
    [InlineData("pay 10 for")]
    [InlineData("pay bob 1 000")]
    [InlineData("pay bob 10 EUR lunch")]
    [InlineData("pay bob 10 to carol")]
    [InlineData("cancel")]
    [InlineData("cancel a b")]
    [InlineData("limit")]
    [InlineData("limit bob")]
    [InlineData("limit bob 1 EUR x")]
    [InlineData("history 0")]
    [InlineData("history 99999999999999999999")]
    [InlineData("history a b")]
    [InlineData("accept")]
    [InlineData("peer add bob")]
    [InlineData("peer rename bob")]
    [InlineData("peer remove")]
    [InlineData("peer remove a b")]
    [InlineData("exit now")]
    [InlineData("balance a b")]
    [InlineData("settle bob")]
    [InlineData("settle bob by cash")]
    [InlineData("settle bob 20 by")]
    [InlineData("settle bob 20 by cash by bank")]
    [InlineData("settle bob 20 EUR cash")]
    [InlineData("settle accept")]
    [InlineData("settle accept a b")]
    [InlineData("settle accept a --yes b")]
    [InlineData("settle show a b")]
    [InlineData("settle modify a")]
    [InlineData("settle modify a b")]
    [InlineData("settle modify a 15 from me")]
    [InlineData("settle list a b")]
    [InlineData("settle save a")]
    [InlineData("ask")]
    [InlineData("ask bob")]
    [InlineData("split 60")]
    [InlineData("split 60 with")]
    [InlineData("split 60 with for dinner")]
    [InlineData("split 60 with bob for")]
    [InlineData("split bob 60 with carol")]
    public void What_cannot_be_done_gets_one_friendly_sentence(string text)
    {
        var problem = Assert.IsType<Reading.NotUnderstood>(Grammar.Read(text));
        Assert.NotEmpty(problem.Message);
        Assert.DoesNotContain('\n', problem.Message);
    }

    [Fact]
    public void Arguments_and_text_are_read_alike()
    {
        Assert.Equal(Grammar.Read("pay bob 10 for lunch"), Grammar.Read(["pay", "bob", "10", "for", "lunch"]));
        Assert.Equal(Grammar.Read("pay bob 10 for a  b"), Grammar.Read(["pay", "bob", "10", "for", "a  b"]));
        Assert.Equal(Grammar.Read("pay \"bob b\" 10"), Grammar.Read(["pay", "bob b", "10"]));
        Assert.Equal(Grammar.Read("pay bob 10"), Grammar.Read(["pay bob 10"]));
        Assert.IsType<Reading.Blank>(Grammar.Read(Array.Empty<string>()));
    }

    [Fact]
    public void No_input_makes_it_throw_or_echo_anything_harmful()
    {
        var random = new Random(20260101);
        string[] pieces =
        [
            "pay", "send", "peer", "add", "limit", "history", "for", "to", "\"", "'", "“", "10", "-", ".", "+", "\e[2J",
            "\0", "\r", "🫡", "\uD83E", "\uDEE1", "\u202E", "\u200B", "e\u0301", "界", " ", " ", " ", "accept", "as",
            "check", "cancel", new string('x', 5000),
        ];
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(
                Enumerable.Range(0, random.Next(1, 8)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (Grammar.Read(text) is Reading.NotUnderstood problem)
            {
                Assert.DoesNotContain(problem.Message, c => char.IsControl(c) || c is '\u202E' or '\u200B');
                Assert.True(problem.Message.Length < 300);
            }
        }
    }

    [Fact]
    public void Every_first_word_of_the_help_text_is_understood()
    {
        foreach (var line in Cli.Sentences.UsageSentences.Help.Split('\n'))
            Assert.Contains(line.Split(' ')[0], Grammar.FirstWords);
    }

    [Theory]
    [InlineData("balance", true)]
    [InlineData("SEND", true)]
    [InlineData("up", false)]
    [InlineData("--version", false)]
    public void What_begins_a_command_is_known_before_it_is_read(string word, bool isKnown) =>
        Assert.Equal(isKnown, Grammar.Knows(word));
}
