CREATE TABLE fruit(name TEXT PRIMARY KEY, price REAL, stock INTEGER);
INSERT INTO fruit VALUES('apple', 0.5, 10), ('pear', 0.75, 0), ('plum', 0.125, 400);
SELECT name, printf('%.2f', price * stock) AS worth FROM fruit WHERE stock > 0 ORDER BY name;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT sum(i * i) AS squares FROM n;
