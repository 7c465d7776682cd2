using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;

namespace Tallystick.Core.Tests.Vectors;

public sealed class VectorTests
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static TheoryData<string> Files => [.. VectorFiles.All.Keys];

    /// <summary>With TALLYSTICK_WRITE_VECTORS=1 the files are written instead.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void The_vectors_are_what_this_code_writes(string file)
    {
        var text = VectorFiles.All[file]().ToJsonString(Readable) + "\n";
        var path = RepositoryRoot.Join("vectors", file);
        if (Environment.GetEnvironmentVariable("TALLYSTICK_WRITE_VECTORS") == "1")
            File.WriteAllText(path, text);
        Assert.Equal(File.ReadAllText(path), text);
    }

    [Fact]
    public void The_pages_of_the_vectors_have_the_hash_and_the_rejection_that_stand_beside_them()
    {
        foreach (var vector in Read("pages.json").OfType<JsonObject>())
        {
            var bytes = Convert.FromHexString(Text(vector, "bytes"));
            Assert.Equal(Text(vector, "hash"), Convert.ToHexStringLower(SHA256.HashData(bytes)));
            Assert.True(PageCodec.TryDecode(bytes, out var page, out var refusal), refusal?.Text);
            Assert.Equal(bytes, PageCodec.Encode(page.Page).Bytes.ToArray());
            Assert.Equal(vector["rejection"]?.GetValue<string>(), PageForm.Check(page)?.Why.Name);
        }
    }

    [Fact]
    public void The_keys_of_the_vectors_are_points_with_the_private_number_that_stands_beside_them()
    {
        foreach (var vector in Read("identities.json").OfType<JsonObject>())
        {
            var number = new byte[32];
            number[31] = vector["privateNumber"]!.GetValue<byte>();
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = number });
            var point = key.ExportParameters(includePrivateParameters: false).Q;
            byte[] compressed = [(byte)(2 + (point.Y![31] & 1)), .. point.X!];
            Assert.Equal(Convert.ToHexStringLower(compressed), Text(vector, "key"));
            Assert.True(PublicKey.TryCreate(compressed, out _));
        }
    }

    private static JsonArray Read(string file) =>
        JsonNode.Parse(File.ReadAllText(RepositoryRoot.Join("vectors", file)))!.AsArray();

    private static string Text(JsonNode vector, string field) => vector[field]!.GetValue<string>();
}
