using System.Text;
using System.Text.Json;
using Tallystick.Client;

namespace Tallystick.Cli.Tests.Client;

public sealed class PlainJsonTests
{
    private const string Odd = "a\"b\\c/d\n\t\u0001 é € \U0001F980 \u007f";

    [Fact]
    public void Answers_are_read_as_the_serializer_reads_them()
    {
        Same(new Payment("1", "2", Odd, "3", "EUR", null, "sent", Odd, null, WasOwing: true), PlainAnswers.Payment);
        Same(new NodeInfo(Odd, "f", "k", "v", null, "w", "d", ["a", Odd]), PlainAnswers.Node);
        Same(
            new NodeInfo("n", "f", "k", "v", "l", null, "d", [], "s", [new RelayInfo("a", Connected: true, "r")], true),
            PlainAnswers.Node);
        Same(
            new Balances(
                [
                    new TabBalance(Odd, "EUR", "-1", "0", null, "2", "3", null, "4", "5", true, null, Opened: false),
                    new TabBalance("p", "a", "b", "q", "c", null, null, "l", "w", null, false, Odd, Opened: true),
                ],
                [new AssetTotal("EUR", "1")]),
            PlainAnswers.Balances);
        Same(
            new Peers(
                [
                    new Peer(Odd, "f", null, Odd, Online: true, "t"),
                    new Peer("n", null, "a", null, Online: false, null, NameIsClaim: true, "w"),
                ],
                [new Stranger("f", "c", "a", new DateTimeOffset(2026, 2, 28, 23, 59, 59, 120, TimeSpan.Zero), "w")]),
            PlainAnswers.Peers);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("\"\"")]
    [InlineData("""{"tabs":7}""")]
    [InlineData("""{"tabs":[7]}""")]
    [InlineData("""{"tabs":[{"peer":7}]}""")]
    [InlineData("""{"tabs":[{"online":null}]}""")]
    [InlineData("""{"tabs":[{"online":"true"}]}""")]
    [InlineData("""{"tabs":[{"peer":"\ud83e"}]}""")]
    [InlineData("""{"tabs":[]""")]
    [InlineData("")]
    public void What_is_no_such_answer_is_refused_as_the_serializer_refuses_it(string json)
    {
        Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<Balances>(json, JsonSerializerOptions.Web));
        var refused = Record.Exception(() => PlainAnswers.Balances(Encoding.UTF8.GetBytes(json)));
        Assert.True(refused is FormatException or JsonException, $"{refused}");
    }

    [Fact]
    public void What_is_missing_unknown_or_null_is_taken_as_the_serializer_takes_it()
    {
        foreach (var json in (string[])["null", "{}", """{"Known":null}""", """{"KNOWN":[null,{"new":[1]}],"x":{}}"""])
        {
            Assert.Equal(
                JsonSerializer.Serialize(JsonSerializer.Deserialize<Peers>(json, JsonSerializerOptions.Web)),
                JsonSerializer.Serialize(PlainAnswers.Peers(Encoding.UTF8.GetBytes(json))));
        }
    }

    [Fact]
    public void A_wish_to_pay_is_written_as_the_node_reads_it()
    {
        PayRequest[] wishes = [new(Odd), new("1", Odd, "a", Odd, "id", 20_000), new("", "p", null, "", null, -1)];
        foreach (var wish in wishes)
            Assert.Equal(wish, JsonSerializer.Deserialize<PayRequest>(PlainText.Of(wish), JsonSerializerOptions.Web));
    }

    private static void Same<T>(T value, Func<byte[], T?> read)
        where T : class =>
        Assert.Equal(
            JsonSerializer.Serialize(value),
            JsonSerializer.Serialize(read(JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web))));
}
