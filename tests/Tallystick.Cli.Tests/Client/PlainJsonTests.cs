using System.Text;
using System.Text.Json;
using Tallystick.Client;

namespace Tallystick.Cli.Tests.Client;

public sealed class PlainJsonTests
{
    private const string Odd = "a\"b\\c/d\n\t\u0001 é € \U0001F980 \u007f";

    private static readonly string[] Documents =
    [
        """{"a":null,"b":true,"c":[],"d":{},"e":[null,false,-0.5e+3,"x"],"f":"","a":1}""",
        """ { "a" : [ { "b" : "A\ud83e\udd80\"\\\/\b\f\n\r\té" } , 10 ] } """,
        "[01]", "[1.]", "[.5]", "[-]", "[1e]", "[+1]", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}",
        "[\"\\x\"]", "[\"\\ud83e\"]", "[\"\\udd80\\ud83e\"]", "[\"\\u12g4\"]", "[\"a\nb\"]", "[tru]", "[nulll]",
        "{} {}",
        "{}x", "", " ", "\"", "[\"a", "{", "[", "]", "}", "//\n{}", "{}\0", "\uFEFF{}", "[\"\u2028\"]", "[1 2]", "[-0]",
    ];

    [Fact]
    public void It_takes_exactly_the_documents_that_the_serializer_takes()
    {
        foreach (var document in Documents)
        {
            var bytes = Encoding.UTF8.GetBytes(document);
            AssertSame(bytes);
            for (var cut = 0; cut < bytes.Length; cut++)
                AssertSame([.. bytes[..cut], .. bytes[(cut + 1)..]]);
            foreach (var other in "\"\\{}[],:0 u\0\u007f"u8)
            {
                for (var at = 0; at < bytes.Length; at++)
                    AssertSame([.. bytes[..at], other, .. bytes[(at + 1)..]]);
            }
        }
        AssertSame([(byte)'[', (byte)'"', 0xC3, 0x28, (byte)'"', (byte)']']);
        AssertSame(Encoding.UTF8.GetBytes(new string('[', 64) + new string(']', 64)));
        AssertSame(Encoding.UTF8.GetBytes(new string('[', 65) + new string(']', 65)));
    }

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
    public void What_is_no_such_answer_is_refused_as_the_serializer_refuses_it(string json)
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Balances>(json, JsonSerializerOptions.Web));
        Assert.Throws<FormatException>(() => PlainAnswers.Balances(Encoding.UTF8.GetBytes(json)));
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

    private static void AssertSame(byte[] bytes)
    {
        var (expected, actual) = (Expected(bytes), Actual(bytes));
        Assert.True(expected == actual, $"{Encoding.Latin1.GetString(bytes)}: {expected}, but {actual}");
    }

    private static string Expected(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return Shown(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "no JSON";
        }
    }

    private static string Actual(byte[] bytes)
    {
        try
        {
            return Shown(new JsonScanner(bytes).Document());
        }
        catch (FormatException)
        {
            return "no JSON";
        }
    }

    private static string Shown(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Shown(
            element.EnumerateObject().Select(each => KeyValuePair.Create(each.Name, Shown(each.Value)))),
        JsonValueKind.Array => "[" + string.Join(',', element.EnumerateArray().Select(Shown)) + "]",
        JsonValueKind.String => "'" + element.GetString() + "'",
        JsonValueKind.Number => "number",
        JsonValueKind.Null => "null",
        _ => element.GetBoolean().ToString(),
    };

    // Of two values with one name the last one counts, in any case.
    private static string Shown(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var last = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in fields)
            last[name.ToUpperInvariant()] = value;
        return "{" + string.Join(',', last.Select(each => each.Key + ":" + each.Value)) + "}";
    }

    private static string Shown(object? value) => value switch
    {
        null => "null",
        PlainJson read => Shown(read.Values.Select(each => KeyValuePair.Create(each.Key, Shown(each.Value)))),
        List<object?> list => "[" + string.Join(',', list.Select(Shown)) + "]",
        string text => "'" + text + "'",
        bool isTrue => isTrue.ToString(),
        _ => "number",
    };
}
